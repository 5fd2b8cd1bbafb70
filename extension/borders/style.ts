/** What a mark looks like: data only, from a verdict, never from the guest. */
import type { Domain, Emblem, Pattern } from '../attribution/registration.js';
import { inkOn } from './colour.js';

/** Widths in logical pixels. */
export const frameWidth = 4;
export const popupFrameWidth = 2;
const alarmWidth = 6;

export interface MarkStyle {
    /** What the label says. */
    name: string;
    colour: string;
    /** Text and pattern on the colour. */
    ink: string;
    pattern: Pattern;
    emblem: Emblem | null;
    width: number;
    /** Popups have no label: their window has one. */
    labelled: boolean;
    alarm: boolean;
}

/** A window of `domain`, or one of its menus and tooltips. */
export function domainStyle(domain: Domain, popup: boolean): MarkStyle {
    const { name, colour, pattern, emblem } = domain;
    const width = popup ? popupFrameWidth : frameWidth;
    return { name, colour, ink: inkOn(colour), pattern, emblem, width, labelled: !popup, alarm: false };
}

/** A window that says it is an instance's and is not proven to be. `name` is the translated word for unverified. */
export const unverifiedStyle = (name: string): MarkStyle => ({
    name,
    colour: '#c01c28',
    ink: '#ffffff',
    pattern: 'dashed',
    emblem: null,
    width: alarmWidth,
    labelled: true,
    alarm: true,
});
