/** A desktop session with Bulkhead installed for its user, as `npm run install:user` does it, from the checkout's build. */
import { join } from 'node:path';
import { installFor } from '../install/install.js';
import { imageVariable, mounts } from './mounts.js';
import { DesktopSession, type SessionOptions } from './session.js';

export function installedSession(options: Omit<SessionOptions, 'prepare'>) {
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
    });
}
