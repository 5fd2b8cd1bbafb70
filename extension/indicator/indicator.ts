/** The icon in the top bar and the tile, put into Quick Settings and taken out as one. */
import GObject from 'gi://GObject';
import Gio from 'gi://Gio';

import { SystemIndicator } from 'resource:///org/gnome/shell/ui/quickSettings.js';

import type { EmblemIcons } from '../borders/emblem.js';
import { addExternalIndicator, addIndicatorIcon } from '../compat.js';
import type { RunningInstance } from '../daemon/managerClient.js';
import { Tile } from './tile.js';

export class Indicator extends SystemIndicator {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadIndicator' }, this);
    }

    readonly #tile: Tile;

    constructor(icon: Gio.Icon, icons: EmblemIcons, stop: (path: string) => void) {
        super();
        this.name = 'bulkhead-indicator';
        this.#tile = new Tile(icon, icons, stop);
        const panelIcon = addIndicatorIcon(this);
        panelIcon.gicon = icon;
        this.#tile.bind_property('visible', panelIcon, 'visible', GObject.BindingFlags.SYNC_CREATE);
        this.quickSettingsItems.push(this.#tile);
        addExternalIndicator(this);
    }

    showInstances(instances: RunningInstance[]) {
        this.#tile.showInstances(instances);
    }

    override destroy() {
        this.#tile.destroy();
        super.destroy();
    }
}
