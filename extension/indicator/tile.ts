/** The Quick Settings tile: how many instances run; its menu lists them with Stop. Hidden when there is none. */
import GObject from 'gi://GObject';
import Gio from 'gi://Gio';

import { gettext as _, ngettext } from 'resource:///org/gnome/shell/extensions/extension.js';
import * as PopupMenu from 'resource:///org/gnome/shell/ui/popupMenu.js';
import { QuickMenuToggle } from 'resource:///org/gnome/shell/ui/quickSettings.js';

import type { EmblemIcons } from '../borders/emblem.js';
import type { RunningInstance } from '../daemon/managerClient.js';
import { InstanceItem } from './instanceItem.js';

export class Tile extends QuickMenuToggle {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadTile' }, this);
    }

    readonly #icons: EmblemIcons;
    readonly #stop: (path: string) => void;
    readonly #section = new PopupMenu.PopupMenuSection();

    constructor(icon: Gio.Icon, icons: EmblemIcons, stop: (path: string) => void) {
        super({ name: 'bulkhead-tile', visible: false, checked: true });
        this.#icons = icons;
        this.#stop = stop;
        this.title = _('Bulkhead');
        this.gicon = icon;
        this.menuEnabled = true;
        this.menu.setHeader(icon, _('Isolated Apps'), _('Each runs in a virtual machine of its own'));
        this.menu.addMenuItem(this.#section);
        this.connect('clicked', () => this.menu.open(true));
    }

    /** Shows exactly `instances`. */
    showInstances(instances: RunningInstance[]) {
        this.visible = instances.length > 0;
        this.subtitle = ngettext('%d running', '%d running', instances.length).format(instances.length);
        this.#section.removeAll();
        for (const instance of instances) {
            this.#section.addMenuItem(
                new InstanceItem(instance, this.#icons, () => this.#stop(instance.path))
            );
        }
    }

    override destroy() {
        // The menu lives in Quick Settings' overlay, and the shell leaves it there.
        this.menu.destroy();
        super.destroy();
    }
}
