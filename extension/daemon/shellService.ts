/**
 * org.bulkhead.Shell1, on the bus only while the extension is enabled: its name says to the daemon that windows are
 * marked. Every call is refused unless its sender owns org.bulkhead.Manager1 at that moment.
 */
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import shellXml from '../../dbus/org.bulkhead.Shell1.xml';
import { BadRecord, parseRegistration, type Registration, type Values } from '../attribution/registration.js';
import type { Decision } from '../prompts/queue.js';
import type { PromptRequest } from '../prompts/request.js';
import { ownerOf } from './bus.js';
import { managerName, shellName, shellPath } from './names.js';
import { parsePrompt } from './promptRecord.js';

/** What the calls do. */
export interface ShellHandlers {
    /** Throws BadRecord when there is no such process. */
    register(registration: Registration): void;
    unregister(instance: string): void;
    ask(request: PromptRequest): Promise<Decision>;
    /** The prompt with this id, if there is one, is answered with deny. */
    withdraw(id: number): void;
}

type Invocation = Gio.DBusMethodInvocation;

export class ShellService {
    readonly Version: string;
    readonly #handlers: ShellHandlers;
    readonly #exported: Gio.DBusExportedObject;
    #nameId = 0;

    constructor(version: string, handlers: ShellHandlers) {
        this.Version = version;
        this.#handlers = handlers;
        this.#exported = Gio.DBusExportedObject.wrapJSObject(shellXml, this);
    }

    start() {
        this.#exported.export(Gio.DBus.session, shellPath);
        this.#nameId = Gio.bus_own_name_on_connection(
            Gio.DBus.session,
            shellName,
            Gio.BusNameOwnerFlags.NONE,
            null,
            null
        );
    }

    stop() {
        Gio.bus_unown_name(this.#nameId);
        this.#nameId = 0;
        this.#exported.unexport();
    }

    /** Emits WindowShown; `when` in ms since the epoch. */
    windowShown(instance: string, when: number) {
        this.#exported.emit_signal('WindowShown', new GLib.Variant('(sx)', [instance, when]));
    }

    RegisterInstanceAsync([values]: [Record<string, GLib.Variant>], invocation: Invocation) {
        return this.#serve(invocation, () => {
            this.#handlers.register(parseRegistration(unpack(values)));
            return null;
        });
    }

    UnregisterInstanceAsync([instance]: [string], invocation: Invocation) {
        return this.#serve(invocation, () => {
            this.#handlers.unregister(instance);
            return null;
        });
    }

    PromptAsync([values]: [Record<string, GLib.Variant>], invocation: Invocation) {
        return this.#serve(invocation, async () => {
            const decision = await this.#handlers.ask(parsePrompt(unpack(values)));
            return new GLib.Variant('(s)', [decision]);
        });
    }

    CancelPromptAsync([id]: [number], invocation: Invocation) {
        return this.#serve(invocation, () => {
            this.#handlers.withdraw(id);
            return null;
        });
    }

    async #serve(invocation: Invocation, work: () => GLib.Variant | null | Promise<GLib.Variant | null>) {
        try {
            // The answer may come after stop(): nothing may be registered or asked then.
            if ((await ownerOf(managerName)) !== invocation.get_sender() || !this.#nameId) {
                refuse(invocation, Gio.DBusError.ACCESS_DENIED, `Only ${managerName} may call this`);
                return;
            }
            invocation.return_value(await work());
        } catch (error) {
            if (error instanceof BadRecord) {
                refuse(invocation, Gio.DBusError.INVALID_ARGS, error.message);
                return;
            }
            logError(error as Error, `${invocation.get_method_name()} failed`);
            refuse(invocation, Gio.DBusError.FAILED, 'Internal error: see the journal of gnome-shell');
        }
    }
}

function unpack(values: Record<string, GLib.Variant>): Values {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.recursiveUnpack()]));
}

function refuse(invocation: Invocation, code: number, message: string) {
    invocation.return_error_literal(Gio.DBusError as unknown as GLib.Quark, code, message);
}
