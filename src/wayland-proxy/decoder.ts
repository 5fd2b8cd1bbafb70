/**
 * Checks one message against its signature: argument by argument, to the last byte. Strings end with their only NUL, objects are
 * live and of the right interface, new ids are free, padding is zeroed. What passes is exactly what an encoder would have made of its
 * arguments, so it can be copied. Allocates nothing unless a guest's string is not ASCII.
 */
import { isUtf8 } from 'node:buffer';
import type { Objects, WaylandObject } from './objects.js';
import { kind, type Message } from './protocol.js';
import { errorCode, Violation } from './violation.js';

const MAX_ARGUMENTS = 20; // libwayland's WL_CLOSURE_MAX_ARGS
const HEADER_WORDS = 2;

const malformed = (why: string) => new Violation(errorCode.invalidMethod, why);

/** The message being handled: where its arguments stand in the words of the arena it was read into. */
export class Decoder {
    readonly #at = new Int32Array(MAX_ARGUMENTS);
    #words: Uint32Array = new Uint32Array(0);
    #bytes: Uint8Array = new Uint8Array(0);
    /** The position of the new id among the arguments, -1 if there is none. */
    newIdArgument = -1;

    constructor(
        readonly objects: Objects,
        readonly fromGuest: boolean
    ) {}

    /** Checks the message at `start` (bytes), `size` bytes long with its header. Throws a Violation. */
    decode(words: Uint32Array, bytes: Uint8Array, start: number, size: number, message: Message) {
        this.#words = words;
        this.#bytes = bytes;
        this.newIdArgument = -1;
        const end = (start + size) >> 2;
        let at = (start >> 2) + HEADER_WORDS;
        const { kinds } = message;
        for (let i = 0; i < kinds.length; i++) {
            this.#at[i] = at;
            const k = kinds[i];
            if (k === kind.fd) continue;
            if (at >= end) throw malformed('message is too short');

            if (k === kind.string) at = this.#string(at, end, message.nullable[i] === 1);
            else if (k === kind.array) at = this.#padded(at, words[at]!, end);
            else if (k === kind.object) this.#object(words[at++]!, i, message);
            else if (k === kind.newId) this.#newId(words[at++]!, i);
            else at++;
        }
        if (at !== end) throw malformed('message is too long');
    }

    /** A numeric, object or new-id argument. */
    uint(argument: number): number {
        return this.#words[this.#at[argument]!]!;
    }

    int(argument: number): number {
        return this.uint(argument) | 0;
    }

    /** Changes a numeric argument in place. */
    setUint(argument: number, value: number) {
        this.#words[this.#at[argument]!] = value;
    }

    /** A string argument; a null string is empty. */
    string(argument: number): string {
        const at = this.#at[argument]!;
        const length = this.#words[at]!;
        return length === 0 ? '' : Buffer.from(this.#bytes.buffer, (at + 1) * 4, length - 1).toString('utf8');
    }

    /** The 32-bit elements of an array argument, read one by one. */
    forEachWord(argument: number, use: (word: number) => void) {
        const at = this.#at[argument]!;
        for (let i = 0; i < this.#words[at]! >> 2; i++) use(this.#words[at + 1 + i]!);
    }

    /** The object that an argument names; undefined for null. */
    object(argument: number): WaylandObject | undefined {
        return this.objects.get(this.uint(argument));
    }

    #string(at: number, end: number, nullable: boolean): number {
        const length = this.#words[at]!;
        if (length === 0) {
            if (nullable) return at + 1;

            throw malformed('string is null');
        }
        const next = this.#padded(at, length, end);
        const first = (at + 1) * 4;
        const last = first + length - 1;
        const bytes = this.#bytes;
        if (bytes[last] !== 0) throw malformed('string has no end');

        let ascii = true;
        for (let i = first; i < last; i++) {
            if (bytes[i] === 0) throw malformed('string has a zero byte');
            if (bytes[i]! > 127) ascii = false;
        }
        // Compositors pass on what monitors call themselves, which need not be UTF-8, and are trusted.
        if (!ascii && this.fromGuest && !isUtf8(bytes.subarray(first, last)))
            throw malformed('string is not UTF-8');

        return next;
    }

    /** The word after `length` bytes that follow the length word at `at`; zeroes the padding. */
    #padded(at: number, length: number, end: number): number {
        const next = at + 1 + Math.ceil(length / 4);
        if (next > end) throw malformed('length runs past the message');

        for (let i = (at + 1) * 4 + length; i < next * 4; i++) this.#bytes[i] = 0;
        return next;
    }

    #object(id: number, argument: number, message: Message) {
        if (id === 0) {
            if (message.nullable[argument] === 1) return;

            throw malformed('object is null');
        }
        const object = this.objects.get(id);
        const type = message.types[argument];
        // Events may name what the guest has just destroyed: libwayland hands the guest null then.
        if (!object || (object.dead && this.fromGuest) || (type && object.type !== type))
            throw new Violation(errorCode.invalidObject, 'argument is no such object');
    }

    #newId(id: number, argument: number) {
        this.objects.checkFree(id, this.fromGuest);
        this.newIdArgument = argument;
    }
}
