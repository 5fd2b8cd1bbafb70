/** Isolation domains: name, colour, pattern and emblem, all ours, never a guest's. */
import { z } from 'zod';
import { idPattern } from '../shared/paths.js';

export const domainSchema = z.strictObject({
    id: z.string().regex(idPattern),
    name: z.string().min(1).max(40),
    /** The frame's colour. */
    colour: z.string().regex(/^#[0-9a-f]{6}$/),
    /** The frame's pattern: identity that does not need colour vision. */
    pattern: z.enum(['solid', 'dashed', 'double', 'dotted']),
    /** One of our own symbolic emblems. */
    emblem: z.enum(['circle', 'square', 'triangle', 'diamond', 'hexagon', 'star']),
});
export type Domain = z.infer<typeof domainSchema>;

/** What a new user has until they make their own. Colours from GNOME's palette, told apart also without colour vision. */
export const defaultDomains: readonly Domain[] = [
    { id: 'personal', name: 'Personal', colour: '#2ec27e', pattern: 'solid', emblem: 'circle' },
    { id: 'work', name: 'Work', colour: '#3584e4', pattern: 'double', emblem: 'square' },
    { id: 'community', name: 'Community', colour: '#9141ac', pattern: 'dotted', emblem: 'hexagon' },
    { id: 'untrusted', name: 'Untrusted', colour: '#e66100', pattern: 'dashed', emblem: 'triangle' },
];
