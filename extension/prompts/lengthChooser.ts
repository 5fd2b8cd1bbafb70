/** How long an Allow lasts: one of three, `once` unless the person chooses otherwise. */
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { gettext as _ } from 'resource:///org/gnome/shell/extensions/extension.js';

export type Length = 'once' | 'while-running' | 'always';

export class LengthChooser extends St.BoxLayout {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadLengthChooser' }, this);
    }

    readonly #onChoice: (length: Length) => void;
    readonly #buttons = new Map<Length, St.Button>();
    #length: Length = 'once';

    constructor(onChoice: (length: Length) => void) {
        super({
            style_class: 'bulkhead-prompt-lengths',
            x_align: Clutter.ActorAlign.CENTER,
            accessible_name: _('How long to allow it'),
        });
        this.#onChoice = onChoice;
        this.#add('once', _('Once'));
        this.#add('while-running', _('While Running'));
        this.#add('always', _('Always'));
    }

    get length() {
        return this.#length;
    }

    get buttons() {
        return [...this.#buttons.values()];
    }

    #add(length: Length, label: string) {
        const button = new St.Button({
            name: `bulkhead-${length}`,
            style_class: 'button bulkhead-length',
            label,
            checked: length === this.#length,
        });
        button.connect('clicked', () => this.#choose(length));
        this.#buttons.set(length, button);
        this.add_child(button);
    }

    #choose(length: Length) {
        this.#length = length;
        for (const [one, button] of this.#buttons) button.checked = one === length;
        this.#onChoice(length);
    }
}
