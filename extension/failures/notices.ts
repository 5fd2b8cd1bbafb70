/** One notification for each failed instance, from a source of ours that comes and goes with them. */
import type Gio from 'gi://Gio';

import { gettext as _ } from 'resource:///org/gnome/shell/extensions/extension.js';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';
import type { Notification, Source } from 'resource:///org/gnome/shell/ui/messageTray.js';

import { createNotificationSource, notify } from '../compat.js';
import { failureText, FailureWatch, type Failable } from './report.js';

export class FailureNotices {
    readonly #icon: Gio.Icon;
    readonly #watch = new FailureWatch();
    readonly #notices = new Map<string, Notification>();
    #source: Source | null = null;

    constructor(icon: Gio.Icon) {
        this.#icon = icon;
    }

    showInstances(instances: readonly Failable[]) {
        const { failed, startedAgain } = this.#watch.look(instances);
        for (const path of startedAgain) this.#notices.get(path)?.destroy();
        for (const instance of failed) this.#show(instance);
    }

    destroy() {
        for (const notice of [...this.#notices.values()]) notice.destroy();
    }

    #show(instance: Failable) {
        const { path } = instance;
        const { title, body } = failureText(instance, _);
        const notice = notify(this.#openSource(), title, body);
        this.#notices.set(path, notice);
        notice.connect('destroy', () => this.#notices.delete(path));
    }

    /** The shell destroys a source together with its last notification. */
    #openSource() {
        if (this.#source) return this.#source;

        const source = createNotificationSource(_('Bulkhead'), this.#icon);
        source.connect('destroy', () => (this.#source = null));
        Main.messageTray.add(source);
        return (this.#source = source);
    }
}
