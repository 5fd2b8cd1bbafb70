/**
 * The folder of one instance under $XDG_RUNTIME_DIR/bulkhead: a sub-folder (0700) for each process, so that a sandbox holds
 * its own sockets and those it connects to, and nothing else. What a sandboxed process may write never decides what
 * another is: configuration and sandbox id lie outside of every writable sub-folder.
 */
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../shared/errors.js';
import { makeLifelines } from '../vm/lifeline.js';
import { waypipeSocket } from '../vm/waypipe.js';
import type { Role } from './types.js';

export const roles: readonly Role[] = ['vsock', 'vmm', 'waypipe', 'proxy'];

/** sun_path of unix(7) holds 108 bytes with the terminating NUL. */
const socketPathBytes = 107;
/** The end of a helper's output that is kept when an instance failed. */
const keptLogBytes = 16 * 1024;

/** Every path of the instance's folder `root`. */
export function runtimeFolder(root: string) {
    const [agent, waypipe, proxy, wayland] = ['agent', 'waypipe', 'proxy', 'wayland'].map(name =>
        join(root, name)
    ) as [string, string, string, string];
    const logs = join(root, 'log');
    return {
        root,
        record: join(root, 'instance.json'),
        proxyConfig: join(root, 'proxy.json'),
        flatpakInfo: join(root, 'flatpak-info'),
        vmm: join(root, 'vmm'),
        vsock: join(root, 'vsock'),
        agent,
        agentSocket: join(agent, 'socket'),
        waypipe,
        waypipeSocket: waypipeSocket(waypipe),
        /** The proxy's control socket is here, for us alone. */
        proxy,
        controlSocket: join(proxy, 'control'),
        /** The proxy listens here; waypipe sees it. */
        wayland,
        listenSocket: join(wayland, 'socket'),
        lifeline: (role: Role) => join(root, 'life', role),
        logs,
        log: (role: Role) => join(logs, role),
        consoleLog: join(logs, 'console'),
    };
}

export type RuntimeFolder = ReturnType<typeof runtimeFolder>;

/** Makes the folder, which must not exist. Throws UserError when its sockets' paths would be too long for the kernel. */
export async function makeRuntimeFolder(folder: RuntimeFolder): Promise<void> {
    const longest = join(folder.vsock, 'vm_5000');
    const excess = Buffer.byteLength(longest) - socketPathBytes;
    if (excess > 0) {
        throw new UserError(
            `The folder ${folder.root} has a path that is ${excess} bytes too long for sockets: ` +
                'give the instance a shorter id or set a shorter XDG_RUNTIME_DIR.'
        );
    }

    await mkdir(join(folder.root, '..'), { recursive: true, mode: 0o700 });
    await mkdir(folder.root, { mode: 0o700 });
    const { agent, waypipe, proxy, wayland } = folder;
    for (const path of [agent, waypipe, proxy, wayland, join(folder.root, 'life'), folder.logs])
        await mkdir(path, { mode: 0o700 });
    await makeLifelines(join(folder.root, 'life'), roles);
}

/** Removes the folder. Links in it are removed, never followed. */
export const removeRuntimeFolder = (folder: RuntimeFolder) =>
    rm(folder.root, { recursive: true, force: true });

/** The ends of the helpers' outputs, for a developer who wants to know why an instance failed. */
export async function collectLogs(folder: RuntimeFolder): Promise<string> {
    const { logs } = folder;
    const names = (await readdir(logs)).filter(name => !name.startsWith('.')).sort();
    const texts = await Promise.all(names.map(name => endOfFile(join(logs, name))));
    return names.map((name, index) => `== ${name}\n${texts[index]}\n`).join('');
}

async function endOfFile(path: string) {
    const file = await open(path);
    try {
        const { size } = await file.stat();
        const start = Math.max(0, size - keptLogBytes);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(keptLogBytes), 0, keptLogBytes, start);
        // Guests write to some of these: nothing in them may steer the terminal that shows them.
        return buffer.toString('utf8', 0, bytesRead).replaceAll(/[^\n\P{C}]/gu, '?');
    } finally {
        await file.close();
    }
}
