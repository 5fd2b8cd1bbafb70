/** Byte buffers with a fixed address, kept in a free list: fresh ones per connection would make memory grow with churn. */
import { addressOf } from './sys.js';

export class Arena {
    readonly #buffer: ArrayBuffer;
    readonly bytes: Uint8Array;
    readonly words: Uint32Array;
    readonly address: number;

    constructor(size: number) {
        this.#buffer = new ArrayBuffer(size);
        this.bytes = new Uint8Array(this.#buffer);
        this.words = new Uint32Array(this.#buffer);
        this.address = addressOf(this.#buffer);
    }
}

const free = new Map<number, Arena[]>();

/** An arena of `size` bytes (a multiple of 4). Its content is whatever it last held. */
export const takeArena = (size: number) => free.get(size)?.pop() ?? new Arena(size);

/** Gives an arena back. The caller must not use it again. */
export function returnArena(arena: Arena) {
    const list = free.get(arena.bytes.length);
    if (list) list.push(arena);
    else free.set(arena.bytes.length, [arena]);
}
