/**
 * The icon of an instance: the app's own icon with a badge in its domain's colour and emblem at the lower right.
 * The app's SVG goes in as a data: image, so that nothing in it can reach the badge.
 */
import type { Domain } from '../domains/domain.js';

/** Outlines within a circle of radius 13 round 0,0. */
const EMBLEMS: Record<Domain['emblem'], string> = {
    circle: '<circle r="11"/>',
    square: '<rect x="-10" y="-10" width="20" height="20" rx="1.5"/>',
    triangle: '<path d="M0-12 12 9H-12Z"/>',
    diamond: '<path d="M0-13 13 0 0 13-13 0Z"/>',
    hexagon: '<path d="M-6.5-11.3h13L13 0 6.5 11.3h-13L-13 0Z"/>',
    star: '<path d="M0-13 3.4-4.4 12.4-4 5.4 1.7 7.6 10.5 0 5.6-7.6 10.5-5.4 1.7-12.4-4-3.4-4.4Z"/>',
};

/** SVG source, 128 by 128. */
export function badgedIcon(appIcon: string, domain: Domain): string {
    const data = Buffer.from(appIcon).toString('base64');
    return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="128" height="128" viewBox="0 0 128 128">
<image width="128" height="128" xlink:href="data:image/svg+xml;base64,${data}"/>
<g transform="translate(102 102)">
<circle r="24" fill="${domain.colour}" stroke="#ffffff" stroke-width="4"/>
<g fill="#ffffff">${EMBLEMS[domain.emblem]}</g>
</g>
</svg>
`;
}
