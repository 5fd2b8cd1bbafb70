/** The daemon as the session's bus shows it: instances with their properties, typed. */
import { Variant } from '@jellybrick/dbus-next';
import type { DesktopSession } from './session.js';
import { until } from './wait.js';

const name = 'org.bulkhead.Manager1';
const instanceInterface = 'org.bulkhead.Instance1';

export interface InstanceView {
    path: string;
    id: string;
    app: string;
    name: string;
    domain: string;
    desktopId: string;
    state: string;
    reason: string;
    /** Stage → ms since the epoch. */
    timing: Record<string, number>;
    processes: Record<string, number>;
}

type Properties = Record<string, Variant>;

export class ManagerClient {
    readonly #session: DesktopSession;

    constructor(session: DesktopSession) {
        this.#session = session;
    }

    call(member: string, signature = '', body: unknown[] = []) {
        return this.#session.call(name, '/org/bulkhead/Manager1', name, member, signature, body);
    }

    async launch(app: string) {
        const [path] = await this.call('Launch', 'sa{sv}', [app, {}]);
        return String(path);
    }

    async instances(): Promise<InstanceView[]> {
        const [objects] = await this.#session.call(
            name,
            '/org/bulkhead',
            'org.freedesktop.DBus.ObjectManager',
            'GetManagedObjects'
        );
        return Object.entries(objects as Record<string, Record<string, Properties>>)
            .filter(([, interfaces]) => instanceInterface in interfaces)
            .map(([path, interfaces]) => view(path, interfaces[instanceInterface]!));
    }

    async instance(app: string) {
        return (await this.instances()).find(instance => instance.app === app);
    }

    /** The app's instance, once a window of it has shown its first frame. Throws when it failed, or after `deadline` ms. */
    shown(app: string, deadline: number) {
        return until(
            `the first frame of ${app}`,
            async () => {
                const found = await this.instance(app);
                if (found?.state === 'failed') throw new Error(`${app} failed: ${found.reason}`);
                return found?.timing.frame ? found : undefined;
            },
            deadline
        );
    }

    stop(path: string) {
        return this.#session.call(name, path, instanceInterface, 'Stop');
    }

    kill(path: string) {
        return this.#session.call(name, path, instanceInterface, 'Kill');
    }

    /** The daemon's pid. */
    async pid() {
        const [pid] = await this.#session.call(
            'org.freedesktop.DBus',
            '/org/freedesktop/DBus',
            'org.freedesktop.DBus',
            'GetConnectionUnixProcessID',
            's',
            [name]
        );
        return Number(pid);
    }
}

function view(path: string, properties: Properties): InstanceView {
    const text = (key: string) => String(properties[key]?.value ?? '');
    const numbers = (key: string) =>
        Object.fromEntries(
            Object.entries((properties[key]?.value ?? {}) as Record<string, bigint | number>).map(
                ([k, v]) => [k, Number(v)]
            )
        );
    return {
        path,
        id: text('Id'),
        app: text('App'),
        name: text('Name'),
        domain: text('Domain'),
        desktopId: text('DesktopId'),
        state: text('State'),
        reason: text('Reason'),
        timing: numbers('Timing'),
        processes: numbers('Processes'),
    };
}
