/** Descriptors on their way, first in first out. Whoever takes one out owns it. */
import { close } from './sys.js';

export class FdQueue {
    readonly #fds: number[] = [];

    get length() {
        return this.#fds.length;
    }

    /** The queue from its head on, for `send`. Read only. */
    get fds(): readonly number[] {
        return this.#fds;
    }

    push(fd: number) {
        this.#fds.push(fd);
    }

    /** The next descriptor, which is now the caller's. */
    take(): number {
        const fd = this.#fds.shift();
        if (fd === undefined) throw new Error('took a descriptor from an empty queue');

        return fd;
    }

    /** Closes the next `count`. */
    closeFirst(count: number) {
        for (let i = 0; i < count; i++) close(this.take());
    }

    closeAll() {
        this.closeFirst(this.#fds.length);
    }
}
