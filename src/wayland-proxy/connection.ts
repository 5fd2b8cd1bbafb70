/**
 * One guest client and its own connection to the compositor. Both directions flow until either side ends; a guest that
 * breaks the rules gets wl_display.error and nothing more of it reaches the compositor. `close` releases everything.
 */
import { Half } from './half.js';
import { proxyLimits } from './limits.js';
import type { Watch } from './loop.js';
import { displayId, Objects } from './objects.js';
import { messageNamed } from './protocol.js';
import type { ProxyServices } from './services.js';
import { epoll } from './poller.js';
import { close } from './sys.js';
import { errorCode, Violation } from './violation.js';

const displayError = messageNamed('wl_display', 'events', 'error').opcode;
const GONE = epoll.hup | epoll.rdhup | epoll.err;

/** Something of this connection that waits for a verdict. */
export interface Pending {
    /** The connection is gone: withdraw and release. */
    cancel(): void;
}

export class Connection {
    readonly requests: Half;
    readonly events: Half;
    /** What the registry offered, by name (handlers/registry.ts). */
    readonly globals = new Map<number, { type: string; version: number }>();
    readonly pending = new Set<Pending>();
    heldReceives = 0;
    #closed = false;
    #failed = false;
    #guestEnded = false;
    #compositorEnded = false;
    /** The compositor takes no more requests; what it said last still has to reach the guest. */
    #compositorGone = false;
    #compositorClosed = false;
    #linger: (() => void) | undefined;
    readonly #guestWatch: Watch;
    readonly #compositorWatch: Watch;

    constructor(
        readonly services: ProxyServices,
        readonly guest: number,
        readonly compositor: number
    ) {
        const objects = new Objects();
        this.requests = new Half(this, objects, true);
        this.events = new Half(this, objects, false);
        this.#guestWatch = services.loop.watch(guest, events => this.#guestReady(events));
        this.#compositorWatch = services.loop.watch(compositor, events => this.#compositorReady(events));
        this.#updateWatches();
    }

    /** Goes on after a verdict or after the freeze ended. */
    resume() {
        if (this.#takesRequests) this.#pump(this.requests);
    }

    get #takesRequests() {
        return !this.#closed && !this.#failed && !this.#compositorGone;
    }

    /** Says something to the guest outside the flow. A guest that does not read is cut off. */
    tellGuest(object: number, opcode: number) {
        if (!this.events.out.hasReserve(8))
            throw new Violation(errorCode.implementation, 'client does not read');

        this.events.out.begin(object, opcode);
        this.events.out.finish();
    }

    close() {
        if (this.#closed) return;

        this.#closed = true;
        this.#linger?.();
        for (const pending of [...this.pending]) pending.cancel();
        this.#guestWatch.stop();
        this.#closeCompositor();
        close(this.guest);
        this.requests.close();
        this.events.close();
        this.services.connectionClosed(this, this.#compositorEnded || this.#compositorGone);
    }

    #guestReady(events: number) {
        if (events & GONE) this.#expectEnd();
        if (events & epoll.out || this.#failed) this.#pump(this.events);
        if (this.#takesRequests) this.#pump(this.requests);
    }

    #compositorReady(events: number) {
        if (events & GONE) this.#expectEnd();
        if (events & epoll.out && this.#takesRequests) this.#pump(this.requests);
        if (!this.#closed && !this.#failed) this.#pump(this.events);
    }

    /** A side is gone, but what it sent before may still be on its way. */
    #expectEnd() {
        this.#linger ??= this.services.loop.after(proxyLimits.lingerTime, () => this.close());
    }

    #pump(half: Half) {
        try {
            if (!this.#flow(half)) return this.close();
        } catch (error) {
            if (!(error instanceof Violation)) throw error;

            this.#fail(half, error);
        }
        if (!this.#closed) this.#updateWatches();
    }

    /** Moves what can be moved. Returns false when the connection is over. */
    #flow(half: Half): boolean {
        const [source, target] = half.fromGuest
            ? [this.guest, this.compositor]
            : [this.compositor, this.guest];
        for (let reads = 0; ;) {
            const stop = this.#failed ? 'needs data' : half.process();
            if (!half.out.flush(target)) return this.#targetGone(half);

            if (!half.out.isEmpty || stop === 'parked') return true;
            if (stop === 'needs room') continue;
            if (this.#failed || this.#sourceEnded(half)) return false;
            if (reads++ === proxyLimits.readsPerTurn) return true;

            const result = half.in.read(source);
            if (result === 'empty') return true;
            if (result === 'end') this.#markEnded(half);
            if (result === 'fds lost' || result === 'too many fds')
                throw new Violation(errorCode.invalidMethod, result);
        }
    }

    #sourceEnded = (half: Half) => (half.fromGuest ? this.#guestEnded : this.#compositorEnded);

    #markEnded(half: Half) {
        if (half.fromGuest) this.#guestEnded = true;
        else this.#compositorEnded = true;
    }

    #targetGone(half: Half): boolean {
        if (!half.fromGuest) return false;

        this.#compositorGone = true;
        this.#expectEnd();
        return true;
    }

    #fail(half: Half, violation: Violation) {
        const where = `${half.sender.type.name}.${half.message.name}`;
        this.services.violated(
            half.fromGuest ? where : `compositor: ${where}`,
            violation.message,
            half.fromGuest
        );
        this.#failed = true;
        for (const pending of [...this.pending]) pending.cancel();
        this.#closeCompositor();
        const { out } = this.events;
        const size = 24 + violation.message.length;
        if (out.hasReserve(size)) {
            out.begin(displayId, displayError);
            out.uint(displayId);
            out.uint(violation.code);
            out.string(violation.message);
            out.finish();
        }
        this.#expectEnd();
        if (!out.flush(this.guest) || out.isEmpty) this.close();
    }

    #closeCompositor() {
        if (this.#compositorClosed) return;

        this.#compositorClosed = true;
        this.#compositorWatch.stop();
        close(this.compositor);
    }

    /** Each side is read only while the other takes what was read. A side that has hung up is only watched for what is wanted. */
    #updateWatches() {
        const { requests, events } = this;
        const ending = this.#linger !== undefined;
        const readGuest =
            this.#takesRequests && !this.#guestEnded && requests.out.isEmpty && !requests.parked;
        const readCompositor = !this.#failed && !this.#compositorEnded && events.out.isEmpty;
        const base = ending ? 0 : epoll.rdhup;
        this.#guestWatch.set(base | (readGuest ? epoll.in : 0) | (events.out.isEmpty ? 0 : epoll.out));
        if (this.#compositorClosed) return;

        const writeCompositor = !this.#compositorGone && !requests.out.isEmpty;
        this.#compositorWatch.set(base | (readCompositor ? epoll.in : 0) | (writeCompositor ? epoll.out : 0));
    }
}
