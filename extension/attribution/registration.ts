/**
 * What the daemon tells us of an instance, checked key by key. The daemon is trusted; the check is here because these
 * values decide what a window is called and end up in style sheets. Unknown keys are refused.
 */
export const sandboxPrefix = 'org.bulkhead.';

export const patterns = ['solid', 'dashed', 'double', 'dotted'] as const;
export type Pattern = (typeof patterns)[number];

export const emblems = ['circle', 'square', 'triangle', 'diamond', 'hexagon', 'star'] as const;
export type Emblem = (typeof emblems)[number];

/** A trust domain as a person sees it. */
export interface Domain {
    id: string;
    name: string;
    /** #rrggbb */
    colour: string;
    pattern: Pattern;
    emblem: Emblem;
}

/** One instance: its proxy's process and what its windows are called. */
export interface Registration {
    instance: string;
    pid: number;
    /** Field 22 of /proc/PID/stat: tells the process from a later one with the same pid. */
    startTime: number;
    desktopId: string;
    appName: string;
    domain: Domain;
}

/** The record is not one that the daemon could have meant. The message names the key. */
export class BadRecord extends Error {
    override name = 'BadRecord';
}

export type Values = Record<string, unknown>;

/** A string of `values` that matches `pattern`. Throws BadRecord. */
export function text(values: Values, key: string, pattern: RegExp): string {
    const value = values[key];
    if (typeof value !== 'string' || !pattern.test(value)) throw new BadRecord(`Bad value for ${key}`);

    return value;
}

/** Refuses keys that are not in `known`. Throws BadRecord. */
export function refuseOthers(values: Values, known: readonly string[]) {
    for (const key of Object.keys(values))
        if (!known.includes(key)) throw new BadRecord(`Unknown key ${key.slice(0, 40)}`);
}

const idForm = /^[a-z][a-z0-9-]{0,47}$/;
const nameForm = /^[^\p{C}\p{Zl}\p{Zp}]{1,80}$/u;

/** A whole number of `values`, 1 or more. Throws BadRecord. */
export function count(values: Values, key: string): number {
    const value = values[key];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
        throw new BadRecord(`Bad value for ${key}`);

    return value;
}

const anyOf = (words: readonly string[]) => new RegExp(`^(${words.join('|')})$`);

/** A domain from a record's keys; `prefix` as in domainId, or none as in ListDomains. Throws BadRecord. */
export function parseDomain(values: Values, prefix: 'domain' | ''): Domain {
    const key = (word: string) => (prefix ? prefix + word.charAt(0).toUpperCase() + word.slice(1) : word);
    return {
        id: text(values, key('id'), idForm),
        name: text(values, key('name'), nameForm),
        colour: text(values, key('colour'), /^#[0-9a-f]{6}$/),
        pattern: text(values, key('pattern'), anyOf(patterns)) as Pattern,
        emblem: text(values, key('emblem'), anyOf(emblems)) as Emblem,
    };
}

const registrationKeys = [
    ...['instance', 'pid', 'startTime', 'desktopId', 'appName'],
    ...['domainId', 'domainName', 'domainColour', 'domainPattern', 'domainEmblem'],
];

/** The registration in `values` (org.bulkhead.Shell1.RegisterInstance). Throws BadRecord. */
export function parseRegistration(values: Values): Registration {
    refuseOthers(values, registrationKeys);
    const desktopId = text(values, 'desktopId', /^org\.bulkhead\.[A-Za-z0-9.-]{1,200}$/);
    return {
        instance: text(values, 'instance', idForm),
        pid: count(values, 'pid'),
        startTime: count(values, 'startTime'),
        desktopId,
        appName: text(values, 'appName', nameForm),
        domain: parseDomain(values, 'domain'),
    };
}
