/** One instance in the tile's menu: its app, its domain, and a button that stops it. */
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { gettext as _ } from 'resource:///org/gnome/shell/extensions/extension.js';
import * as PopupMenu from 'resource:///org/gnome/shell/ui/popupMenu.js';

import { inkOn } from '../borders/colour.js';
import type { EmblemIcons } from '../borders/emblem.js';
import type { Domain } from '../attribution/registration.js';
import type { RunningInstance } from '../daemon/managerClient.js';

export class InstanceItem extends PopupMenu.PopupBaseMenuItem {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadInstanceItem' }, this);
    }

    constructor(instance: RunningInstance, icons: EmblemIcons, stop: () => void) {
        super({ activate: false, hover: false, can_focus: false, style_class: 'bulkhead-instance' });
        if (instance.domain) this.add_child(swatch(instance.domain, icons));

        const words = new St.BoxLayout({
            vertical: true,
            x_expand: true,
            y_align: Clutter.ActorAlign.CENTER,
        });
        words.add_child(new St.Label({ text: instance.name }));
        words.add_child(new St.Label({ text: subtitle(instance), style_class: 'bulkhead-instance-domain' }));
        this.add_child(words);
        this.add_child(stopButton(instance, stop));
    }
}

function subtitle({ state, domain }: RunningInstance) {
    const words: Record<string, string> = {
        starting: _('Starting'),
        running: _('Running'),
        stopping: _('Stopping'),
        stopped: _('Stopped'),
        failed: _('Failed'),
    };
    return [domain?.name, words[state]].filter(Boolean).join(' · ');
}

function swatch({ colour, emblem, name }: Domain, icons: EmblemIcons) {
    return new St.Bin({
        style_class: 'bulkhead-swatch',
        style: `background-color: ${colour}; color: ${inkOn(colour)};`,
        y_align: Clutter.ActorAlign.CENTER,
        accessible_name: name,
        child: new St.Icon({ gicon: icons(emblem), style_class: 'bulkhead-swatch-emblem' }),
    });
}

function stopButton({ id, name, state }: RunningInstance, stop: () => void) {
    const possible = state === 'starting' || state === 'running';
    const button = new St.Button({
        name: `bulkhead-stop-${id}`,
        style_class: 'icon-button',
        icon_name: 'window-close-symbolic',
        reactive: possible,
        can_focus: possible,
        y_align: Clutter.ActorAlign.CENTER,
        // Translators: %s is the name of an app.
        accessible_name: _('Stop %s').format(name),
    });
    button.connect('clicked', stop);
    return button;
}
