/**
 * Watches windows come and go and gives each one verdict, when it is created and before it shows. A window found to be
 * an instance's stays that instance's for its whole life. Only an unverified or a host window is judged again, when a
 * registration arrives (the extension was reloaded while instances ran): it can gain a mark, never lose one.
 */
import type Meta from 'gi://Meta';

import { clientOf, sandboxIdOf, type WaylandClient } from '../compat.js';
import type { Registry } from './registry.js';
import { judge, type Verdict } from './verdict.js';

export type VerdictHandler = (metaWindow: Meta.Window, verdict: Verdict) => void;

export class WindowAttribution {
    readonly #registry: Registry;
    readonly #onVerdict: VerdictHandler;
    readonly #verdicts = new Map<Meta.Window, Verdict>();
    /** GNOME 49 and newer: the instance that a Wayland connection was found to be, frozen. */
    readonly #clients = new Map<WaylandClient, string>();

    constructor(registry: Registry, onVerdict: VerdictHandler) {
        this.#registry = registry;
        this.#onVerdict = onVerdict;
    }

    /** Judges all windows that are there and all that come. */
    start() {
        global.display.connectObject(
            'window-created',
            (_display: Meta.Display, metaWindow: Meta.Window) => this.#add(metaWindow),
            this
        );
        for (const actor of global.get_window_actors()) {
            const metaWindow = actor.get_meta_window();
            if (metaWindow) this.#add(metaWindow);
        }
    }

    stop() {
        global.display.disconnectObject(this);
        for (const metaWindow of this.#verdicts.keys()) metaWindow.disconnectObject(this);
        for (const client of this.#clients.keys()) client.disconnectObject(this);
        this.#verdicts.clear();
        this.#clients.clear();
    }

    /** The frozen verdict; `host` for windows that we do not know. */
    verdictOf(metaWindow: Meta.Window): Verdict {
        return this.#verdicts.get(metaWindow) ?? { kind: 'host' };
    }

    /** To be called after a registration: windows that had no owner may have one now. */
    reconsider() {
        for (const [metaWindow, verdict] of this.#verdicts)
            if (verdict.kind !== 'instance') this.#judge(metaWindow, verdict);
    }

    #add(metaWindow: Meta.Window) {
        metaWindow.connectObject('unmanaged', () => this.#remove(metaWindow), this);
        this.#judge(metaWindow, { kind: 'host' });
    }

    #remove(metaWindow: Meta.Window) {
        metaWindow.disconnectObject(this);
        this.#verdicts.delete(metaWindow);
    }

    #judge(metaWindow: Meta.Window, before: Verdict) {
        const evidence = { pid: metaWindow.get_pid(), sandboxId: sandboxIdOf(metaWindow) };
        const found = this.#consistent(metaWindow, judge(evidence, this.#registry));
        const verdict = found.kind === 'host' ? before : found;
        this.#verdicts.set(metaWindow, verdict);
        if (verdict.kind !== before.kind) this.#onVerdict(metaWindow, verdict);
    }

    /** A connection belongs to one instance: a second verdict for it means that something lies. */
    #consistent(metaWindow: Meta.Window, verdict: Verdict): Verdict {
        const client = clientOf(metaWindow);
        if (!client || verdict.kind !== 'instance') return verdict;

        const { instance } = verdict.registration;
        const owner = this.#clients.get(client);
        if (owner === undefined) {
            this.#clients.set(client, instance);
            client.connectObject('client-destroyed', () => this.#clients.delete(client), this);
            return verdict;
        }
        return owner === instance ? verdict : { kind: 'unverified' };
    }
}
