/** The receiving half of a socket: whole messages in order, with the descriptors that came with or before them. */
import { returnArena, takeArena } from './arena.js';
import { FdQueue } from './fdQueue.js';
import { proxyLimits } from './limits.js';
import { errno, received, recv } from './sys.js';

export type ReadResult = 'data' | 'empty' | 'end' | 'fds lost' | 'too many fds';

export class InStream {
    readonly #arena = takeArena(proxyLimits.inBytes);
    readonly words = this.#arena.words;
    readonly bytes = this.#arena.bytes;
    readonly fds = new FdQueue();
    /** First byte of the next message, always a multiple of 4, and the end of what was read. */
    start = 0;
    end = 0;

    /** Reads once. Only to be called when no whole message is left. */
    read(socket: number): ReadResult {
        if (this.start > 0) {
            this.bytes.copyWithin(0, this.start, this.end);
            this.end -= this.start;
            this.start = 0;
        }
        const count = recv(socket, this.#arena.address + this.end, proxyLimits.inBytes - this.end);
        if (count === -errno.EAGAIN || count === -errno.EINTR) return 'empty';
        if (count < 0) return 'end';

        for (let i = 0; i < received.count; i++) this.fds.push(received.fds[i]!);
        if (received.truncated) return 'fds lost';
        if (this.fds.length > proxyLimits.fdsQueued) return 'too many fds';
        if (count === 0) return 'end';

        this.end += count;
        return 'data';
    }

    close() {
        this.fds.closeAll();
        returnArena(this.#arena);
    }
}
