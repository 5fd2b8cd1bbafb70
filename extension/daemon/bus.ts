/** Calls on the session bus as promises. */
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

interface Target {
    name: string;
    path: string;
    iface: string;
}

/** The bus itself. */
export const busDaemon: Target = {
    name: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    iface: 'org.freedesktop.DBus',
};

/**
 * Calls a method and returns its unpacked results. Waits as long as the callee needs; ends with the callee or with
 * `cancellable`. Rejects with a GLib.Error. Never starts the service.
 */
export function call(
    target: Target,
    method: string,
    parameters: GLib.Variant | null,
    cancellable: Gio.Cancellable | null = null
): Promise<unknown[]> {
    const forEver = 2 ** 31 - 1;
    return new Promise((resolve, reject) => {
        Gio.DBus.session.call(
            target.name,
            target.path,
            target.iface,
            method,
            parameters,
            null,
            Gio.DBusCallFlags.NO_AUTO_START,
            forEver,
            cancellable,
            (_connection, result) => {
                try {
                    resolve(Gio.DBus.session.call_finish(result).recursiveUnpack() as unknown[]);
                } catch (error) {
                    reject(error);
                }
            }
        );
    });
}

/** The connection that owns `name` now, or null. */
export async function ownerOf(name: string): Promise<string | null> {
    try {
        const [owner] = await call(busDaemon, 'GetNameOwner', new GLib.Variant('(s)', [name]));
        return owner as string;
    } catch (error) {
        if (isNoOwner(error)) return null;

        throw error;
    }
}

const isNoOwner = (error: unknown) =>
    error instanceof GLib.Error &&
    error.matches(Gio.DBusError as unknown as GLib.Quark, Gio.DBusError.NAME_HAS_NO_OWNER);
