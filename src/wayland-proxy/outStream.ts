/**
 * The sending half of a socket: whole messages in order, their descriptors sent with or before them, never after.
 * Holds one arena and no more: a peer that does not read makes `hasRoom` false, and its source is then not read.
 */
import { returnArena, takeArena } from './arena.js';
import { FdQueue } from './fdQueue.js';
import { proxyLimits } from './limits.js';
import { close, errno, send } from './sys.js';

const WORD = 4;
/** Messages up to this many words are copied in a loop: a typed-array view costs more than that. */
const LOOP_WORDS = 64;

export class OutStream {
    readonly #arena = takeArena(proxyLimits.outBytes);
    readonly #fds = new FdQueue();
    #start = 0;
    #end = 0;
    #messageStart = 0;

    get isEmpty() {
        return this.#start === this.#end;
    }

    /** Whether a message of `size` bytes, rewritten, still leaves the reserve. */
    hasRoom(size: number) {
        return this.#end + size + proxyLimits.growth + proxyLimits.reserve <= proxyLimits.outBytes;
    }

    /** Whether something the proxy itself says fits (it may use the reserve). */
    hasReserve(size: number) {
        return this.#end + size <= proxyLimits.outBytes;
    }

    /** Appends a decoded message that stands at `start` of the source's arena. */
    copy(bytes: Uint8Array, words: Uint32Array, start: number, size: number) {
        if (size > LOOP_WORDS * WORD) {
            this.#arena.bytes.set(bytes.subarray(start, start + size), this.#end);
        } else {
            const target = this.#arena.words;
            const first = start >> 2;
            const to = this.#end >> 2;
            for (let i = 0; i < size >> 2; i++) target[to + i] = words[first + i]!;
        }
        this.#end += size;
    }

    /** Hands a descriptor over: it is closed once it is sent, or with the stream. */
    pushFd(fd: number) {
        this.#fds.push(fd);
    }

    /** Starts a message made here. The caller has made sure of the room. */
    begin(object: number, opcode: number) {
        this.#messageStart = this.#end;
        this.uint(object);
        this.uint(opcode);
    }

    uint(value: number) {
        this.#arena.words[this.#end >> 2] = value;
        this.#end += WORD;
    }

    /** A string, cut by the caller to what there is room for. */
    string(text: string) {
        const bytes = Buffer.from(`${text}\0`);
        const padded = (bytes.length + 3) & ~3;
        this.uint(bytes.length);
        this.#arena.words[(this.#end + padded - WORD) >> 2] = 0;
        this.#arena.bytes.set(bytes, this.#end);
        this.#end += padded;
    }

    /** Ends the message that `begin` started: fills its size in. */
    finish() {
        const at = (this.#messageStart >> 2) + 1;
        this.#arena.words[at] = this.#arena.words[at]! | ((this.#end - this.#messageStart) << 16);
    }

    /**
     * Sends what the socket takes. Returns false when the connection is over.
     * More than 28 descriptors do not fit one sendmsg: the rest follows ahead of the bytes, 4 bytes at a time.
     */
    flush(socket: number): boolean {
        while (!this.isEmpty) {
            const left = this.#end - this.#start;
            const count = Math.min(this.#fds.length, proxyLimits.fdsPerMessage);
            const length = this.#fds.length > count ? WORD : left;
            const sent = send(socket, this.#arena.address + this.#start, length, this.#fds.fds, count);
            if (sent === -errno.EAGAIN) return true;
            if (sent === -errno.EINTR) continue;
            if (sent < 0) return false;

            for (let i = 0; i < count; i++) close(this.#fds.take());
            this.#start += sent;
        }
        this.#start = this.#end = 0;
        return true;
    }

    /** Forgets what is not sent yet, whole, for a connection that ends with an error. */
    close() {
        this.#fds.closeAll();
        returnArena(this.#arena);
    }
}
