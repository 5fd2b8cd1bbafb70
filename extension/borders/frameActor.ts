/**
 * The frame as an actor: a rail in the domain's colour, the pattern inlaid in its sides, and the tab with the domain's
 * name. It draws what it is told; where it goes is WindowFrame's business.
 */
import GObject from 'gi://GObject';
import St from 'gi://St';

import { DomainChip } from './domainChip.js';
import type { EmblemIcons } from './emblem.js';
import { cornerRadii, labelPlace, type FrameLayout, type Rect } from './geometry.js';
import { SideInlay } from './pattern.js';
import type { MarkStyle } from './style.js';

export class FrameActor extends St.Widget {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadFrame' }, this);
    }

    readonly #style: MarkStyle;
    readonly #label: DomainChip | null;
    readonly #inlays: SideInlay[] = [];

    constructor(style: MarkStyle, icons: EmblemIcons) {
        super({
            name: 'bulkhead-frame',
            style_class: style.alarm ? 'bulkhead-frame bulkhead-unverified' : 'bulkhead-frame',
            reactive: false,
            visible: false,
        });
        this.#style = style;
        const { pattern } = style;
        if (pattern !== 'solid') {
            this.#inlays = [0, 1, 2, 3].map(() => new SideInlay(pattern, style.ink));
            for (const inlay of this.#inlays) this.add_child(inlay);
        }
        this.#label = style.labelled ? new DomainChip(style, icons, 'bulkhead-frame-label') : null;
        if (this.#label) {
            this.#label.name = 'bulkhead-frame-label';
            this.add_child(this.#label);
        }
    }

    /** Takes the shape of `layout`. `scale` is St's scale factor, which the frame applies itself: the window actor must not. */
    shape(layout: FrameLayout, limit: Rect, scale: number) {
        const { outer, position, inset } = layout;
        const radii = cornerRadii(this.#style.width, inset);
        this.style =
            `border: ${this.#style.width}px solid ${this.#style.colour}; ` +
            `border-radius: ${radii.map(radius => `${radius}px`).join(' ')};`;
        this.set_scale(1 / scale, 1 / scale);
        this.set_position(position.x, position.y);
        this.set_size(outer.width, outer.height);
        this.#placeInlays(outer, Math.max(...radii) * scale, this.#style.width * scale);
        this.#placeLabel(layout, limit, scale);
        this.show();
    }

    /** Whether the tab may show where there is room for it. */
    showLabel(shown: boolean) {
        if (this.#label) this.#label.opacity = shown ? 255 : 0;
    }

    #placeInlays({ width, height }: Rect, corner: number, rail: number) {
        const [across, down] = [width - 2 * corner, height - 2 * corner];
        const boxes = [
            { x: corner, y: 0, width: across, height: rail },
            { x: width - rail, y: corner, width: rail, height: down },
            { x: corner, y: height - rail, width: across, height: rail },
            { x: 0, y: corner, width: rail, height: down },
        ];
        this.#inlays.forEach((inlay, side) => inlay.place(boxes[side]));
    }

    #placeLabel(layout: FrameLayout, limit: Rect, scale: number) {
        const label = this.#label;
        if (!label) return;

        label.ensureStyle();
        const indent = 4 * this.#style.width * scale;
        const [, width] = label.get_preferred_width(-1);
        const [, height] = label.get_preferred_height(-1);
        const fits = width + 2 * indent <= layout.outer.width;
        const place = fits ? labelPlace(layout, limit, height) : 'hidden';
        label.visible = place !== 'hidden';
        label.set_position(indent, place === 'above' ? -height : layout.outer.height);
        label.set_style_pseudo_class(place === 'below' ? 'below' : null);
    }
}
