/**
 * The daemon as the extension sees it: whether it is there, which instances it has, and Stop. The list is read anew
 * whenever the daemon says that something changed, so it cannot drift.
 */
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import { parseDomain, type Domain, type Values } from '../attribution/registration.js';
import { busDaemon, call } from './bus.js';
import { instanceInterface, managerInterface, managerName, managerPath, objectRoot } from './names.js';

/** An instance as the tile and the failure notices show it. */
export interface RunningInstance {
    path: string;
    id: string;
    name: string;
    state: string;
    /** One sentence when the state is failed. */
    reason: string;
    /** Stage to ms since the epoch. */
    timing: Record<string, number>;
    domain: Domain | null;
}

export interface ManagerListener {
    /** The instances that exist now; empty while there is no daemon. */
    instancesChanged(instances: RunningInstance[]): void;
    /** The daemon left the bus. */
    vanished(): void;
}

const manager = { name: managerName, path: managerPath, iface: managerInterface };
const objects = { name: managerName, path: objectRoot, iface: 'org.freedesktop.DBus.ObjectManager' };

export class ManagerClient {
    readonly #listener: ManagerListener;
    readonly #cancellable = new Gio.Cancellable();
    #watchId = 0;
    #signalIds: number[] = [];
    #present = false;
    #reading = false;
    #stale = false;

    constructor(listener: ManagerListener) {
        this.#listener = listener;
    }

    start() {
        const onSignal = () => this.#refresh();
        this.#signalIds = [objects.iface, 'org.freedesktop.DBus.Properties'].map(iface =>
            Gio.DBus.session.signal_subscribe(
                managerName,
                iface,
                null,
                null,
                null,
                Gio.DBusSignalFlags.NONE,
                onSignal
            )
        );
        this.#watchId = Gio.bus_watch_name_on_connection(
            Gio.DBus.session,
            managerName,
            Gio.BusNameWatcherFlags.NONE,
            () => this.#appeared(),
            () => this.#vanished()
        );
    }

    stop() {
        this.#cancellable.cancel();
        Gio.bus_unwatch_name(this.#watchId);
        for (const id of this.#signalIds) Gio.DBus.session.signal_unsubscribe(id);
    }

    /** Asks the daemon to end an instance. */
    stopInstance(path: string) {
        const target = { name: managerName, path, iface: instanceInterface };
        call(target, 'Stop', null, this.#cancellable).catch(error => this.#report(error, 'Stop failed'));
    }

    /** Starts the daemon again by its name. */
    restart() {
        call(
            busDaemon,
            'StartServiceByName',
            new GLib.Variant('(su)', [managerName, 0]),
            this.#cancellable
        ).catch(error => this.#report(error, 'bulkheadd could not be started again'));
    }

    #appeared() {
        this.#present = true;
        this.#refresh();
    }

    #vanished() {
        const before = this.#present;
        this.#present = false;
        this.#listener.instancesChanged([]);
        if (before) this.#listener.vanished();
    }

    #refresh() {
        this.#stale = true;
        if (this.#reading || !this.#present) return;

        this.#reading = true;
        this.#read()
            .catch(error => this.#report(error, 'Instances could not be listed'))
            .finally(() => {
                this.#reading = false;
                if (this.#stale) this.#refresh();
            });
    }

    async #read() {
        this.#stale = false;
        const [[domains], [managed]] = (await Promise.all([
            call(manager, 'ListDomains', null, this.#cancellable),
            call(objects, 'GetManagedObjects', null, this.#cancellable),
        ])) as [[Values[]], [Record<string, Record<string, Values>>]];
        const known = new Map(domains.map(values => [values.id, parseDomain(values, '')]));
        const instances = Object.entries(managed)
            .filter(([, interfaces]) => instanceInterface in interfaces)
            .map(([path, interfaces]) => describe(path, interfaces[instanceInterface], known));
        if (this.#present) this.#listener.instancesChanged(instances);
    }

    #report(error: unknown, what: string) {
        if (!this.#cancellable.is_cancelled()) logError(error as Error, what);
    }
}

function describe(path: string, values: Values, domains: Map<unknown, Domain>): RunningInstance {
    return {
        path,
        id: String(values.Id),
        name: String(values.Name),
        state: String(values.State),
        reason: String(values.Reason),
        timing: values.Timing as Record<string, number>,
        domain: domains.get(values.Domain) ?? null,
    };
}
