/** epoll through koffi: level-triggered, descriptors named by tokens. */
import { addressOf, checked, close, errno, libc } from './sys.js';

export const epoll = { in: 0x1, out: 0x4, err: 0x8, hup: 0x10, rdhup: 0x2000 } as const;

const EPOLL_CLOEXEC = 0o2000000;
const operation = { add: 1, remove: 2, change: 3 } as const;
const EVENT_SIZE = process.arch === 'x64' ? 12 : 16; // packed on x86-64 only
const DATA = EVENT_SIZE - 8;
const MAX_EVENTS = 64;

const epollCreate = libc.func('int epoll_create1(int)');
const epollCtl = libc.func('int epoll_ctl(int, int, int, intptr_t)');
const epollWait = libc.func('int epoll_wait(int, intptr_t, int, int)');

const events = new DataView(new ArrayBuffer(EVENT_SIZE * MAX_EVENTS));
const eventsAddress = addressOf(events.buffer);

/** A set of descriptors to wait on. Each is registered with a 31-bit token that comes back with its events. */
export class Poller {
    readonly #fd = checked(epollCreate(EPOLL_CLOEXEC));
    readonly #event = new DataView(new ArrayBuffer(EVENT_SIZE));
    readonly #eventAddress = addressOf(this.#event.buffer);

    add(fd: number, token: number, mask: number) {
        this.#control(operation.add, fd, token, mask);
    }

    change(fd: number, token: number, mask: number) {
        this.#control(operation.change, fd, token, mask);
    }

    remove(fd: number) {
        this.#control(operation.remove, fd, 0, 0);
    }

    /** Waits (`timeout` in ms, -1 = for ever) and hands over each token with its events. */
    wait(timeout: number, ready: (token: number, mask: number) => void) {
        const count = checked(epollWait(this.#fd, eventsAddress, MAX_EVENTS, timeout));
        if (count < 0 && count !== -errno.EINTR) throw new Error(`epoll_wait failed with errno ${-count}`);

        for (let i = 0; i < count; i++) {
            const at = i * EVENT_SIZE;
            ready(events.getUint32(at + DATA, true), events.getUint32(at, true));
        }
    }

    close() {
        close(this.#fd);
    }

    #control(what: number, fd: number, token: number, mask: number) {
        this.#event.setUint32(0, mask, true);
        this.#event.setUint32(DATA, token, true);
        const result = checked(epollCtl(this.#fd, what, fd, this.#eventAddress));
        if (result < 0) throw new Error(`epoll_ctl failed with errno ${-result}`);
    }
}
