/** Reads screenshots: the colour of a pixel, and how much of a window's frame has the colour of its domain. */
import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';

/** x, y, width, height in stage pixels. */
export type Rect = readonly [number, number, number, number];
export type Side = 'top' | 'right' | 'bottom' | 'left';

/** The widest frame that any style draws, in pixels. */
const widestFrame = 6;

export class Picture {
    readonly #png: PNG;

    constructor(readonly path: string) {
        this.#png = PNG.sync.read(readFileSync(path));
    }

    /** `#rrggbb` of one pixel; undefined outside the picture. */
    colour(x: number, y: number) {
        const { width, height, data } = this.#png;
        if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
        const at = 4 * (Math.floor(y) * width + Math.floor(x));
        return `#${data.subarray(at, at + 3).toString('hex')}`;
    }

    /** How many pixels of the rectangle have exactly this colour. */
    count(colour: string, [x, y, width, height]: Rect) {
        let found = 0;
        for (let j = Math.floor(y); j < y + height; j++)
            for (let i = Math.floor(x); i < x + width; i++) if (this.colour(i, j) === colour) found++;
        return found;
    }

    /**
     * For each side of `frame`, the largest share (0 to 1) of exactly `colour` on one line of pixels along it, looking up to
     * the widest frame outwards (or inwards). Corners are left out: they may be round.
     */
    frameShares(colour: string, frame: Rect, where: 'outside' | 'inside' = 'outside'): Record<Side, number> {
        const [x, y, width, height] = frame;
        const sign = where === 'outside' ? 1 : -1;
        const corner = 24;
        const best = (line: (d: number) => Rect) => {
            const shares = Array.from({ length: widestFrame }, (_, i) => {
                const rect = line(where === 'outside' ? i + 1 : i);
                return this.count(colour, rect) / (rect[2] * rect[3]);
            });
            return Math.max(...shares);
        };
        const offset = (d: number) => sign * d;
        return {
            top: best(d => [x + corner, y - offset(d), width - 2 * corner, 1]),
            bottom: best(d => [x + corner, y + height - 1 + offset(d), width - 2 * corner, 1]),
            left: best(d => [x - offset(d), y + corner, 1, height - 2 * corner]),
            right: best(d => [x + width - 1 + offset(d), y + corner, 1, height - 2 * corner]),
        };
    }
}
