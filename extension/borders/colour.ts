/** Colour arithmetic by WCAG 2.1 (relative luminance and contrast ratio), for text that must be readable on any domain colour. */

function channel(value: number) {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance of a #rrggbb colour, 0 to 1. */
export function luminance(colour: string) {
    const part = (at: number) => channel(parseInt(colour.slice(at, at + 2), 16));
    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

/** The contrast ratio of two colours, 1 to 21. */
export function contrast(one: string, other: string) {
    const [a, b] = [luminance(one), luminance(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Black or white, whichever stands out more on `colour`: one of them always has a ratio of at least 4.5 (AA). */
export const inkOn = (colour: string) =>
    contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000';
