/** A domain's chip: its name and emblem on its colour, the same wherever a domain is named. */
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import Pango from 'gi://Pango';
import St from 'gi://St';

import type { EmblemIcons } from './emblem.js';
import type { MarkStyle } from './style.js';

export class DomainChip extends St.BoxLayout {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadDomainChip' }, this);
    }

    /** `styleClass` places it; its colours come from `style`. */
    constructor(style: MarkStyle, icons: EmblemIcons, styleClass: string) {
        super({
            style_class: `bulkhead-chip ${styleClass}`,
            style: `background-color: ${style.colour}; color: ${style.ink};`,
            reactive: false,
            accessible_name: style.name,
        });
        if (style.emblem)
            this.add_child(new St.Icon({ gicon: icons(style.emblem), style_class: 'bulkhead-chip-emblem' }));

        const label = new St.Label({ text: style.name, y_align: Clutter.ActorAlign.CENTER });
        label.clutter_text.ellipsize = Pango.EllipsizeMode.END;
        this.add_child(label);
    }

    /** Makes its preferred size that of the theme now; before, it is that of no theme. Must be on the stage. */
    ensureStyle() {
        this.ensure_style();
        for (const child of this.get_children()) (child as St.Widget).ensure_style();
    }
}
