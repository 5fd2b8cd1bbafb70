/** A desktop session with Bulkhead installed for its user, as `npm run install:user` does it, from the checkout's build. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installFor } from '../install/install.js';
import { ManagerClient } from './manager.js';
import { imageVariable, mounts } from './mounts.js';
import { DesktopSession, type SessionOptions } from './session.js';
import { until } from './wait.js';

export function installedSession(options: Omit<SessionOptions, 'prepare' | 'finish'>) {
    return new DesktopSession({
        ...options,
        prepare: async (session, env) => {
            await installFor({
                home: env.HOME!,
                env,
                distDir: `${mounts.checkout}/dist`,
                nodeModulesDir: `${mounts.checkout}/node_modules`,
                imageDir: join(mounts.images, process.env[imageVariable] ?? ''),
                apps: ['terminal', 'editor'],
            });
            // The daemon writes the .desktop files; a shell that is up already would see them only after 5 s.
            await session.call(
                'org.freedesktop.DBus',
                '/org/freedesktop/DBus',
                'org.freedesktop.DBus',
                'StartServiceByName',
                'su',
                ['org.bulkhead.Manager1', 0]
            );
        },
        finish: endBulkhead,
    });
}

/** Instances outlive their daemon on purpose, and both outlive the bus: they are ended one by one. */
async function endBulkhead(session: DesktopSession) {
    const manager = new ManagerClient(session);
    const daemon = await manager.pid().catch(() => undefined);
    if (daemon === undefined) return;

    // One that ends by itself meanwhile has no path any more.
    for (const { path } of await manager.instances()) await manager.kill(path).catch(() => undefined);
    process.kill(daemon, 'SIGTERM');
    await until('the daemon to end', () => !existsSync(`/proc/${daemon}`));
}
