/** The running session, as far as installing and uninstalling touch it: the bus's list of services, the daemon, systemd. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { Bus, CallError } from '../../src/daemon/bus/bus.js';
import { PermissionStore } from '../../src/permissions/permissionStore.js';
import { UserError } from '../../src/shared/errors.js';
import { busName, type Env } from './layout.js';

const DRIVER = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
};
/** Stopping all instances one after the other takes a few stop deadlines at most. In ms. */
const DEADLINE = 60_000;

/** The user's session bus, or undefined when no session runs. */
export async function sessionBus(env: Env): Promise<Bus | undefined> {
    const socket = join(env.XDG_RUNTIME_DIR ?? '/nonexistent', 'bus');
    const address = env.DBUS_SESSION_BUS_ADDRESS ?? (existsSync(socket) ? `unix:path=${socket}` : undefined);
    return address ? Bus.connect(address) : undefined;
}

/** Whether a systemd user manager runs. */
export const hasSystemd = (env: Env) =>
    existsSync(join(env.XDG_RUNTIME_DIR ?? '/nonexistent', 'systemd/private'));

/** Makes systemd and the bus read their service files again. */
export async function reloadServices(bus: Bus, env: Env) {
    if (hasSystemd(env)) {
        const options = { env: env as Record<string, string>, extendEnv: false } as const;
        await execa('systemctl', ['--user', 'daemon-reload'], options);
    }
    await bus.call({ ...DRIVER, member: 'ReloadConfig', timeout: DEADLINE });
}

/** Ends the daemon that runs, if any, and waits until it has given up its name. Its instances go on. */
export async function endDaemon(bus: Bus) {
    const owner = await bus.nameOwner(busName);
    if (!owner) return;

    const [pid] = await bus.call({
        ...DRIVER,
        member: 'GetConnectionUnixProcessID',
        signature: 's',
        args: [owner],
    });
    let timer: NodeJS.Timeout | undefined;
    const gone = new Promise<void>((resolve, reject) => {
        timer = setTimeout(
            () => reject(new UserError('bulkheadd did not end within 60 s: end it and try again.')),
            DEADLINE
        );
        bus.watchName(busName, now => now !== owner && resolve()).catch(reject);
    });
    process.kill(Number(pid), 'SIGTERM');
    await gone.finally(() => clearTimeout(timer));
}

/** Stops every instance, through the daemon: it is started when it does not run, to find what still does. */
export async function stopInstances(bus: Bus) {
    const manager = { destination: busName, timeout: DEADLINE };
    const [objects] = await bus.call({
        ...manager,
        path: '/org/bulkhead',
        interface: 'org.freedesktop.DBus.ObjectManager',
        member: 'GetManagedObjects',
    });
    const paths = Object.entries(objects as Record<string, object>).filter(
        ([, all]) => 'org.bulkhead.Instance1' in all
    );
    for (const [path] of paths)
        await bus.call({ ...manager, path, interface: 'org.bulkhead.Instance1', member: 'Stop' });
}

/** Empties our table of the permission store; where there is no such store, nothing was ever kept. */
export async function forgetPermissions(bus: Bus) {
    const store = new PermissionStore(bus);
    try {
        for (const { instance, resource } of await store.list()) await store.forget(instance, resource);
    } catch (error) {
        if (!(error instanceof CallError && error.errorName.endsWith('.ServiceUnknown'))) throw error;
    }
}
