/** Shows the queue's prompts as dialogs, and holds them while the screen is locked. */
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

import type { Registry } from '../attribution/registry.js';
import type { EmblemIcons } from '../borders/emblem.js';
import { openDialog } from '../compat.js';
import { PromptDialog } from './promptDialog.js';
import { PromptQueue, type Decision, type Shown } from './queue.js';
import type { PromptRequest } from './request.js';

export class Prompter {
    readonly #registry: Registry;
    readonly #icons: EmblemIcons;
    readonly #queue = new PromptQueue<PromptRequest>(
        (request, answer) => this.#show(request, answer),
        () => !Main.sessionMode.isLocked
    );

    constructor(registry: Registry, icons: EmblemIcons) {
        this.#registry = registry;
        this.#icons = icons;
    }

    start() {
        Main.sessionMode.connectObject('updated', () => this.#queue.sync(), this);
    }

    /** Denies what waits. */
    stop() {
        Main.sessionMode.disconnectObject(this);
        this.#queue.cancel();
    }

    /** Asks the person. Never rejects: all doubt is a denial. */
    ask(request: PromptRequest): Promise<Decision> {
        return this.#queue.ask(request);
    }

    /** The instance is gone: so are its questions. */
    forget(instance: string) {
        this.#queue.cancel(request => request.instance === instance);
    }

    /** Nobody waits for this prompt's answer any more. */
    withdraw(id: number) {
        this.#queue.cancel(request => request.id === id);
    }

    /** All of them are denied. */
    cancelAll() {
        this.#queue.cancel();
    }

    #show(request: PromptRequest, answer: (decision: Decision) => void): Shown | null {
        const registration = this.#registry.get(request.instance);
        if (!registration) return null;

        const dialog = new PromptDialog(request, registration, this.#icons, answer);
        if (openDialog(dialog)) return dialog;

        dialog.destroy();
        return null;
    }
}
