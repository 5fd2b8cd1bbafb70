/** The generated tables, made ready for decoding: interfaces linked to each other, argument kinds as numbers. */
import type { Handler } from './half.js';
import { interfaceRows, type MessageRow } from './generated/protocols.js';

/** Argument kinds, as in the wire format's signatures. */
export const kind = { number: 0, string: 1, array: 2, object: 3, newId: 4, fd: 5 } as const;

const kindOf: Record<string, number> = {
    i: kind.number,
    u: kind.number,
    f: kind.number,
    s: kind.string,
    a: kind.array,
    o: kind.object,
    n: kind.newId,
    h: kind.fd,
};

export interface Message {
    readonly name: string;
    readonly opcode: number;
    readonly since: number;
    readonly destructor: boolean;
    readonly kinds: Uint8Array;
    readonly nullable: Uint8Array;
    /** Per argument: the interface an object or new id must have. Undefined: any (objects), said in the message (new ids). */
    readonly types: readonly (Interface | undefined)[];
    readonly fds: number;
    /** What the policy does with it; undefined: it is forwarded. Set once, at start (handlers/index.ts). */
    handler: Handler | undefined;
}

export interface Interface {
    readonly name: string;
    readonly version: number;
    readonly requests: readonly Message[];
    readonly events: readonly Message[];
}

/** An interface that allowed ones mention but whose objects no guest can have (zwp_tablet_tool_v2 of cursor_shape). */
const foreign = (name: string): Interface => ({ name, version: 0, requests: [], events: [] });

const table = new Map<string, Interface & { requests: Message[]; events: Message[] }>();
for (const { name, version } of interfaceRows) table.set(name, { name, version, requests: [], events: [] });

function compile(row: MessageRow, opcode: number): Message {
    const [name, signature, typeNames, since = 1, destructor = false] = row;
    const kinds: number[] = [];
    const nullable: number[] = [];
    const types: (Interface | undefined)[] = [];
    let nextType = 0;
    let mayBeNull = 0;
    for (const letter of signature) {
        if (letter === '?') {
            mayBeNull = 1;
            continue;
        }
        kinds.push(kindOf[letter]!);
        nullable.push(mayBeNull);
        mayBeNull = 0;
        const typeName = letter === 'o' || letter === 'n' ? typeNames[nextType++] : '';
        types.push(typeName ? (table.get(typeName) ?? foreign(typeName)) : undefined);
    }
    const fds = kinds.filter(k => k === kind.fd).length;
    return {
        name,
        opcode,
        since,
        destructor,
        kinds: Uint8Array.from(kinds),
        nullable: Uint8Array.from(nullable),
        types,
        fds,
        handler: undefined,
    };
}

for (const row of interfaceRows) {
    const compiled = table.get(row.name)!;
    compiled.requests.push(...row.requests.map(compile));
    compiled.events.push(...row.events.map(compile));
}

/** Every interface the proxy can decode, by name. */
export const interfaces: ReadonlyMap<string, Interface> = table;

/** An interface that the tables must have. */
export function interfaceNamed(name: string): Interface {
    const found = table.get(name);
    if (!found) throw new Error(`no protocol table for ${name}`);

    return found;
}

/** A request or event that the tables must have. */
export function messageNamed(type: string, direction: 'requests' | 'events', name: string): Message {
    const found = interfaceNamed(type)[direction].find(message => message.name === name);
    if (!found) throw new Error(`no ${name} in the ${direction} of ${type}`);

    return found;
}
