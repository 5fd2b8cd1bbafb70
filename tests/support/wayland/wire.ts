/** Wayland messages to bytes and back, by the generated tables. Independent of the proxy's own codec. */
import { kind, messageNamed, type Message } from '../../../src/wayland-proxy/protocol.js';

export type Argument = number | string | null | Uint8Array;
export type Direction = 'requests' | 'events';

export interface Received {
    object: number;
    opcode: number;
    body: Buffer;
}

const pad = (length: number) => (4 - (length % 4)) % 4;

function word(value: number): Buffer {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value >>> 0);
    return buffer;
}

function counted(bytes: Uint8Array): Buffer {
    return Buffer.concat([word(bytes.length), bytes, Buffer.alloc(pad(bytes.length))]);
}

function encodeArgument(value: Argument): Buffer {
    if (typeof value === 'string') return counted(Buffer.from(`${value}\0`));
    if (value instanceof Uint8Array) return counted(value);
    return word(value ?? 0);
}

/** A message as bytes; nothing is checked. Descriptors are no arguments here. */
export function encode(object: number, opcode: number, args: Argument[] = []): Buffer {
    const body = Buffer.concat(args.map(encodeArgument));
    return Buffer.concat([word(object), word(((8 + body.length) << 16) | opcode), body]);
}

export function named(direction: Direction, name: string): Message {
    const [type, message] = name.split('.') as [string, string];
    return messageNamed(type, direction, message);
}

/** A string of `length` bytes with its end; null when there is none. */
const text = (body: Buffer, at: number, length: number) =>
    length === 0 ? null : body.toString('utf8', at, at + length - 1);

/** The arguments of a message, without its descriptors. */
export function decode(message: Message, body: Buffer): Argument[] {
    const args: Argument[] = [];
    let at = 0;
    for (const k of message.kinds) {
        if (k === kind.fd) continue;
        const value = body.readUInt32LE(at);
        at += 4;
        if (k === kind.string || k === kind.array) {
            args.push(k === kind.array ? body.subarray(at, at + value) : text(body, at, value));
            at += value + pad(value);
        } else {
            args.push(value);
        }
    }
    return args;
}
