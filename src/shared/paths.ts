/**
 * Where everything is kept, by the XDG base directory rules. One place, so that no other module joins
 * an environment variable to a path.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** An instance's id, an app's id or a domain's id; also the last element of a desktop id, hence the form. */
export const idPattern = /^[a-z][a-z0-9-]{0,47}$/;

type Env = Record<string, string | undefined>;

const absolute = (path: string | undefined) => (path?.startsWith('/') ? path : undefined);

/** The folders of one user. `env` is the process environment. Throws when XDG_RUNTIME_DIR is not set. */
export function userPaths(env: Env = process.env) {
    const home = absolute(env.HOME) ?? homedir();
    const config = join(absolute(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'bulkhead');
    const dataHome = absolute(env.XDG_DATA_HOME) ?? join(home, '.local/share');
    const data = join(dataHome, 'bulkhead');
    const state = join(absolute(env.XDG_STATE_HOME) ?? join(home, '.local/state'), 'bulkhead');
    const cache = join(absolute(env.XDG_CACHE_HOME) ?? join(home, '.cache'), 'bulkhead');
    const runtimeHome = absolute(env.XDG_RUNTIME_DIR);
    return {
        home,
        config,
        domains: join(config, 'domains.json'),
        data,
        apps: join(data, 'apps'),
        images: join(data, 'images'),
        instances: join(data, 'instances'),
        state,
        auditLog: join(state, 'audit.jsonl'),
        cache,
        applications: join(dataHome, 'applications'),
        /** Sockets of running instances, each in `<id>/`, 0700. */
        get runtime() {
            if (!runtimeHome)
                throw new Error('XDG_RUNTIME_DIR is not set: start bulkheadd from a desktop session.');

            return join(runtimeHome, 'bulkhead');
        },
        /** The compositor's public socket. */
        get compositorSocket() {
            const display = env.WAYLAND_DISPLAY ?? 'wayland-0';
            return display.startsWith('/') ? display : join(runtimeHome ?? '/run', display);
        },
    };
}

export type UserPaths = ReturnType<typeof userPaths>;

/** The desktop id of an instance (the .desktop file's name without its suffix, and the proxy's sandbox id). */
export const desktopId = (instance: string) => `org.bulkhead.Instance.${instance}`;

/** The D-Bus object path of an instance: `-` is not allowed in one, `_` is not allowed in an id. */
export const instancePath = (instance: string) => `/org/bulkhead/Instance/${instance.replaceAll('-', '_')}`;
