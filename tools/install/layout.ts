/** Every path that an installation writes to, for install and uninstall alike. */
import { join } from 'node:path';
import { userPaths } from '../../src/shared/paths.js';

export type Env = Record<string, string | undefined>;

/** The extension's uuid: its folder's name, as metadata.json says. */
export const extensionUuid = 'bulkhead@bulkhead.org';
export const busName = 'org.bulkhead.Manager1';

/** `env` may move the XDG folders; HOME is always `home`. */
export function layout(home: string, env: Env) {
    const paths = userPaths({ ...env, HOME: home });
    const dataHome = join(paths.data, '..');
    return {
        paths,
        program: join(paths.data, 'program'),
        icons: join(paths.data, 'icons'),
        /** Which folders the installation had to make: they go again when they are empty. */
        record: join(paths.data, 'installed.json'),
        extension: join(dataHome, 'gnome-shell/extensions', extensionUuid),
        busService: join(dataHome, 'dbus-1/services', `${busName}.service`),
        unit: join(paths.config, '../systemd/user/bulkheadd.service'),
        command: join(home, '.local/bin/bulkhead'),
        /** Which image files the daemon has checked already. */
        verified: join(paths.cache, 'verified.json'),
        permissionTable: join(dataHome, 'flatpak/db/bulkhead'),
    };
}

export type Layout = ReturnType<typeof layout>;
