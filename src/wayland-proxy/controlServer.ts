/**
 * The control socket (control.ts): one daemon at a time, the newest connection replaces an older one. A daemon that breaks the protocol or does
 * not read is disconnected, which is the safe state.
 */
import { toProxy, type FromProxy, type ToProxy } from './control.js';
import { takeArena } from './arena.js';
import { proxyLimits } from './limits.js';
import { log } from './log.js';
import type { Loop, Watch } from './loop.js';
import { epoll } from './poller.js';
import { accept, addressOf, close, errno, received, recv, send } from './sys.js';

export interface ControlHandlers {
    /** A daemon is there; it has been told nothing yet. */
    connected(): void;
    message(message: ToProxy): void;
    disconnected(): void;
}

export class ControlServer {
    readonly #arena = takeArena(proxyLimits.inBytes);
    #watch: Watch | undefined;
    #unread = '';
    #unsent: Buffer = Buffer.alloc(0);

    constructor(
        readonly loop: Loop,
        readonly listener: number,
        readonly handlers: ControlHandlers
    ) {
        loop.watch(listener, () => this.#accept()).set(epoll.in);
    }

    /**
     * Queues a message for the daemon. Returns false when there is none. Never disconnects by itself: it is called from
     * within a guest's message, which a denial of open questions must not re-enter.
     */
    send(message: FromProxy): boolean {
        const watch = this.#watch;
        if (!watch || this.#unsent.length > proxyLimits.controlBytes) return false;

        this.#unsent = Buffer.concat([this.#unsent, Buffer.from(`${JSON.stringify(message)}\n`)]);
        this.#flush(watch);
        if (this.#unsent.length > proxyLimits.controlBytes)
            this.loop.after(0, () => this.#watch === watch && this.#disconnect('daemon does not read'));
        return true;
    }

    #accept() {
        const fd = accept(this.listener);
        if (fd < 0) return;

        this.#disconnect('replaced by a new daemon');
        this.#watch = this.loop.watch(fd, events => this.#ready(events));
        this.#watch.set(epoll.in);
        this.handlers.connected();
    }

    #ready(events: number) {
        const watch = this.#watch!;
        if (events & epoll.out) this.#flush(watch);
        if (events & ~epoll.out) this.#read(watch.fd);
    }

    #read(fd: number) {
        const count = recv(fd, this.#arena.address, proxyLimits.inBytes);
        for (let i = 0; i < received.count; i++) close(received.fds[i]!);
        if (count === -errno.EAGAIN || count === -errno.EINTR) return;
        if (count <= 0) return this.#disconnect('daemon disconnected');

        // Every message of the schema is ASCII, so that a cut through a character does not matter.
        const lines = (
            this.#unread + Buffer.from(this.#arena.bytes.subarray(0, count)).toString('latin1')
        ).split('\n');
        this.#unread = lines.pop()!;
        for (const line of lines) {
            const message = parse(line);
            if (!message) return this.#disconnect('daemon sent a message that is not in the protocol');

            this.handlers.message(message);
            if (this.#watch?.fd !== fd) return;
        }
        if (this.#unread.length > proxyLimits.lineBytes)
            this.#disconnect('daemon sent a line that is too long');
    }

    #flush(watch: Watch) {
        while (this.#unsent.length > 0) {
            const bytes = new Uint8Array(new ArrayBuffer(this.#unsent.length));
            bytes.set(this.#unsent);
            const sent = send(watch.fd, addressOf(bytes.buffer), bytes.length, [], 0);
            // Any other error means that the daemon is gone, which reading will find.
            if (sent < 0) break;

            this.#unsent = this.#unsent.subarray(sent);
        }
        watch.set(this.#unsent.length > 0 ? epoll.in | epoll.out : epoll.in);
    }

    #disconnect(why: string) {
        const watch = this.#watch;
        if (!watch) return;

        this.#watch = undefined;
        this.#unread = '';
        this.#unsent = Buffer.alloc(0);
        watch.stop();
        close(watch.fd);
        log(why);
        this.handlers.disconnected();
    }
}

function parse(line: string): ToProxy | undefined {
    try {
        return toProxy.safeParse(JSON.parse(line)).data;
    } catch {
        return undefined;
    }
}
