/**
 * The inlay of a frame's side: identity that does not need colour vision. A line, dashes or dots in the ink colour in the
 * middle of the side; its outermost pixels always keep the domain's colour.
 */
import GObject from 'gi://GObject';
import St from 'gi://St';

import type { Pattern } from '../attribution/registration.js';
import { penOf } from '../compat.js';

interface Rhythm {
    /** Length of a mark and of the gap after it, in widths of the frame. No gap: one mark without end. */
    mark: number;
    gap: number;
    /** How much of the side's width the inlay takes. */
    share: number;
}

const rhythms: Record<Exclude<Pattern, 'solid'>, Rhythm> = {
    double: { mark: 1, gap: 0, share: 0.25 },
    dashed: { mark: 4, gap: 4, share: 0.5 },
    dotted: { mark: 0.5, gap: 2, share: 0.5 },
};

export class SideInlay extends St.DrawingArea {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadSideInlay' }, this);
    }

    readonly #ink: string;
    readonly #rhythm: Rhythm;

    constructor(pattern: Exclude<Pattern, 'solid'>, ink: string) {
        super({ reactive: false });
        this.#ink = ink;
        this.#rhythm = rhythms[pattern];
    }

    override vfunc_repaint() {
        const { mark, gap, share } = this.#rhythm;
        const [width, height] = this.get_surface_size();
        const across = width >= height;
        const [long, thick] = across ? [width, height] : [height, width];
        const inlay = Math.max(1, Math.round(thick * share));
        const offset = Math.floor((thick - inlay + 1) / 2);
        const length = gap > 0 ? Math.max(inlay, Math.round(mark * thick)) : long;
        const step = length + Math.round(gap * thick);

        const context = penOf(this);
        const bright = this.#ink === '#ffffff' ? 1 : 0;
        context.setSourceRGBA(bright, bright, bright, 0.9);
        for (let at = 0; at < long; at += step) {
            const run = Math.min(length, long - at);
            if (across) context.rectangle(at, offset, run, inlay);
            else context.rectangle(offset, at, inlay, run);
        }
        context.fill();
        context.$dispose();
    }

    /** Places the inlay; sides without room show none. */
    place(box: { x: number; y: number; width: number; height: number }) {
        this.visible = box.width > 0 && box.height > 0;
        this.set_position(box.x, box.y);
        this.set_size(Math.max(box.width, 0), Math.max(box.height, 0));
    }
}
