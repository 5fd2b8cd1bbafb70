/**
 * The sandbox of an instance's Wayland proxy: Node, the proxy's one script with its native library, the compositor's socket
 * alone, and a `/.flatpak-info` that it cannot write, by which the shell knows whose windows these are (DESIGN.md, identity).
 */
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../shared/files.js';
import type { Confinement, Mount } from '../vm/sandbox.js';
import type { ProxyConfig } from '../wayland-proxy/control.js';
import type { RuntimeFolder } from './runtimeFolder.js';
import type { InstanceSpec } from './types.js';

const program = '/opt/bulkhead';
const compositorSocket = '/run/compositor/socket';

/** Writes what the proxy reads at its start. */
export async function writeProxyFiles(folder: RuntimeFolder, spec: InstanceSpec): Promise<void> {
    const config: ProxyConfig = {
        instance: spec.id,
        desktopId: spec.desktopId,
        listenSocket: folder.listenSocket,
        controlSocket: folder.controlSocket,
        compositorSocket,
    };
    await writeFileAtomic(folder.proxyConfig, JSON.stringify(config));
    await writeFileAtomic(folder.flatpakInfo, `[Application]\nname=${spec.desktopId}\n`);
}

/** The sandbox of the proxy. `script`: dist/wayland-proxy.mjs. `compositor`: the compositor's socket. */
export function proxyConfinement(folder: RuntimeFolder, script: string, compositor: string): Confinement {
    return {
        command: [process.execPath, `${program}/wayland-proxy.mjs`, folder.proxyConfig],
        ro: [
            { from: script, at: `${program}/wayland-proxy.mjs` },
            ...koffiMounts(script),
            { from: folder.flatpakInfo, at: '/.flatpak-info' },
            folder.proxyConfig,
            { from: compositor, at: compositorSocket },
        ],
        rw: [folder.proxy, folder.wayland],
    };
}

/** koffi and the package that holds its native library, from where `script` would load them. */
function koffiMounts(script: string): Mount[] {
    const koffi = dirname(createRequire(script).resolve('koffi'));
    const native = join(koffi, '../@koromix');
    const packages = readdirSync(native).filter(name => name.startsWith('koffi-'));
    return [
        { from: koffi, at: `${program}/node_modules/koffi` },
        ...packages.map(name => ({
            from: join(native, name),
            at: `${program}/node_modules/@koromix/${name}`,
        })),
    ];
}
