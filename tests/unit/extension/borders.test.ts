import { describe, expect, it } from '@jest/globals';
import { contrast, inkOn } from '../../../extension/borders/colour.js';
import { cornerRadii, labelPlace, layoutFrame, type Rect } from '../../../extension/borders/geometry.js';

const workArea: Rect = { x: 0, y: 32, width: 1280, height: 768 };
const window = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

function layout(frame: Rect, more: Partial<Parameters<typeof layoutFrame>[0]> = {}) {
    return layoutFrame({ frame, buffer: frame, limit: workArea, width: 4, scale: 1, ...more })!;
}

describe('the frame of a window', () => {
    it('stands outside the guest pixels where there is room', () => {
        const { outer, clip, inset } = layout(window(100, 100, 300, 200));
        expect(outer).toEqual(window(96, 96, 308, 208));
        expect(clip).toEqual(window(0, 0, 300, 200));
        expect(Object.values(inset)).toEqual([false, false, false, false]);
    });

    it('shows no surface beyond the geometry that the client claims', () => {
        const { clip } = layout(window(100, 100, 100, 60), { buffer: window(50, 50, 600, 400) });
        expect(clip).toEqual(window(50, 50, 100, 60));
    });

    it('is wholly inside for a maximized window', () => {
        const { outer, inset } = layout(workArea);
        expect(outer).toEqual(workArea);
        expect(Object.values(inset)).toEqual([true, true, true, true]);
    });

    it('is inset on three sides of a window tiled to the left half', () => {
        const { outer, inset } = layout(window(0, 32, 640, 768));
        expect(outer).toEqual(window(0, 32, 644, 768));
        expect(inset).toEqual({ top: true, right: false, bottom: true, left: true });
    });

    it('stays on the work area when a client is larger than it, and clips the rest', () => {
        const { outer, clip } = layout(window(-300, -200, 2000, 1500));
        expect(outer).toEqual(workArea);
        expect(clip).toEqual(window(300, 232, 1280, 768));
    });

    it('leaves the screen with a window that a person moves out', () => {
        expect(layout(window(-100, 300, 300, 200)).outer.x).toBe(-104);
        expect(layout(window(1100, 300, 300, 200)).outer).toEqual(window(1096, 296, 308, 208));
    });

    it('undoes the scale that Mutter puts on the actor', () => {
        const { outer, position, clip } = layout(window(200, 200, 800, 400), {
            buffer: window(180, 180, 840, 440),
            limit: window(0, 0, 2560, 1600),
            width: 8,
            scale: 2,
        });
        expect(outer).toEqual(window(192, 192, 816, 416));
        expect(position).toEqual({ x: 6, y: 6 });
        expect(clip).toEqual(window(10, 10, 400, 200));
    });

    it('waits for a window that has no size yet', () => {
        expect(
            layoutFrame({ frame: window(0, 0, 0, 0), buffer: workArea, limit: workArea, width: 4, scale: 1 })
        ).toBeNull();
    });

    it('covers the corners of a square guest buffer with its rounded ring', () => {
        const [radius] = cornerRadii(4, { top: false, right: false, bottom: false, left: false });
        expect((radius - 4) * Math.SQRT2).toBeLessThanOrEqual(radius);
    });

    it('is square where a side is inset', () => {
        expect(cornerRadii(4, { top: true, right: false, bottom: false, left: true })).toEqual([0, 0, 12, 0]);
    });
});

describe('the label', () => {
    it.each([
        ['above', window(100, 100, 300, 200)],
        ['below', window(100, 34, 300, 200)],
        ['hidden', workArea],
    ])('is %s where the room is', (place, frame) => {
        expect(labelPlace(layout(frame), workArea, 20)).toBe(place);
    });
});

describe('text on a domain colour', () => {
    it('has the contrast ratios of WCAG', () => {
        expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
        expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    });

    it('reaches AA on every colour', () => {
        for (let red = 0; red < 256; red += 15) {
            for (let green = 0; green < 256; green += 15) {
                for (let blue = 0; blue < 256; blue += 15) {
                    const colour = `#${[red, green, blue].map(c => c.toString(16).padStart(2, '0')).join('')}`;
                    expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
                }
            }
        }
    });
});
