/**
 * The pill in the top bar: always names the domain of the focused window, where no guest can paint. Hidden while a host
 * window or the shell itself has the focus.
 */
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import type Meta from 'gi://Meta';
import St from 'gi://St';

import * as Main from 'resource:///org/gnome/shell/ui/main.js';

import { DomainChip } from '../borders/domainChip.js';
import type { EmblemIcons } from '../borders/emblem.js';
import type { MarkStyle } from '../borders/style.js';
import { addToPanelLeft } from '../compat.js';

export class FocusPill extends St.Bin {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadFocusPill' }, this);
    }

    readonly #styleOf: (metaWindow: Meta.Window) => MarkStyle | null;
    readonly #icons: EmblemIcons;

    /** `styleOf` is asked for the focused window; null hides the pill. */
    constructor(styleOf: (metaWindow: Meta.Window) => MarkStyle | null, icons: EmblemIcons) {
        super({ name: 'bulkhead-pill', visible: false, y_align: Clutter.ActorAlign.CENTER });
        this.#styleOf = styleOf;
        this.#icons = icons;
        addToPanelLeft(this);
        global.display.connectObject('notify::focus-window', () => this.sync(), this);
        Main.overview.connectObject(
            'showing',
            () => this.sync(),
            'hidden',
            () => this.sync(),
            this
        );
        this.sync();
    }

    /** To be called when the focused window's verdict changed. */
    sync() {
        const focused = Main.overview.visible ? null : (global.display.focus_window as Meta.Window | null);
        const style = focused ? this.#styleOf(focused) : null;
        this.visible = style !== null;
        this.child?.destroy();
        if (style) this.child = new DomainChip(style, this.#icons, 'bulkhead-pill');
    }
}
