/** One end of a stream socket for tests: blocks with a deadline, carries descriptors. */
import koffi from 'koffi';
import { Arena } from '../../../src/wayland-proxy/arena.js';
import { epoll, Poller } from '../../../src/wayland-proxy/poller.js';
import { accept, addressOf, close, errno, received, recv, send } from '../../../src/wayland-proxy/sys.js';

const DEADLINE = 5000;
const CHUNK = 65536;

const libc = koffi.load(null);
const pipe2 = libc.func('int pipe2(intptr_t, int)');

/** The two ends of a pipe: [read, write]. */
export function pipe(): [number, number] {
    const ends = new Int32Array(new ArrayBuffer(8));
    if (pipe2(addressOf(ends.buffer), 0o2000000) < 0) throw new Error('pipe2 failed');

    return [ends[0]!, ends[1]!];
}

/** Waits until `fd` is ready. Returns false at the deadline. */
export function waitFor(fd: number, mask: number, deadline = DEADLINE): boolean {
    const poller = new Poller();
    let ready = false;
    poller.add(fd, 1, mask);
    poller.wait(deadline, () => (ready = true));
    poller.close();
    return ready;
}

/** Accepts one connection, awaited as `what`. */
export function acceptOne(listener: number, what: string): Socket {
    if (!waitFor(listener, epoll.in)) throw new Error(`awaited ${what}`);

    return new Socket(accept(listener));
}

export class Socket {
    readonly #arena = new Arena(CHUNK);
    readonly fds: number[] = [];
    data: Buffer = Buffer.alloc(0);
    ended = false;

    constructor(readonly fd: number) {}

    /** Sends what goes without waiting. Returns the number of bytes, 0 when the peer does not read. `fds` stay the caller's. */
    sendSome(bytes: Uint8Array, fds: number[] = []): number {
        const length = Math.min(bytes.length, CHUNK);
        this.#arena.bytes.set(bytes.subarray(0, length));
        const sent = send(this.fd, this.#arena.address, length, fds, fds.length);
        if (sent === -errno.EAGAIN) return 0;
        if (sent < 0) throw new Error(`send failed with errno ${-sent}`);

        return sent;
    }

    /** Sends all, waiting for the peer to read. Closes `fds`. */
    sendAll(bytes: Uint8Array, fds: number[] = []) {
        let rest = bytes;
        let unsent = fds;
        while (rest.length > 0) {
            const sent = this.sendSome(rest, unsent);
            if (sent > 0) unsent = [];
            else if (!waitFor(this.fd, epoll.out)) throw new Error('awaited a peer that reads');

            rest = rest.subarray(sent);
        }
        fds.forEach(close);
    }

    /** Reads once without waiting: at most `limit` bytes, put to `data` and `fds`. Returns false when there is nothing now. */
    readSome(limit = CHUNK): boolean {
        const count = recv(this.fd, this.#arena.address, limit);
        if (count === -errno.EAGAIN) return false;
        if (received.truncated) throw new Error('descriptors were lost');

        for (let i = 0; i < received.count; i++) this.fds.push(received.fds[i]!);
        if (count <= 0) this.ended = true;
        else this.data = Buffer.concat([this.data, this.#arena.bytes.subarray(0, count)]);
        return true;
    }

    /** Reads until `enough` says so, the peer ends, or the deadline passes (which throws, naming `what`). */
    readUntil(enough: () => boolean, what: string) {
        while (!enough() && !this.ended)
            if (!this.readSome() && !waitFor(this.fd, epoll.in)) throw new Error(`awaited ${what}`);
    }

    close() {
        this.fds.splice(0).forEach(close);
        close(this.fd);
    }
}
