/**
 * What the proxy tells the daemon because of what a guest did, at a bounded rate: a guest must not be able to flood the daemon
 * or get its link cut. Events over the rate are dropped; states are sent later, the newest of each kind only.
 */
import type { FromProxy } from './control.js';
import { proxyLimits } from './limits.js';
import type { Loop } from './loop.js';

export class Reports {
    #left: number = proxyLimits.reportsPerSecond;
    #refilledAt = performance.now();
    #flushPlanned = false;
    readonly #states = new Map<string, FromProxy>();

    constructor(
        readonly loop: Loop,
        /** Returns false when no daemon is connected. */
        readonly send: (message: FromProxy) => boolean
    ) {}

    /** Something that happened. Returns whether the daemon was told. */
    event(message: FromProxy): boolean {
        return this.#spend() && this.send(message);
    }

    /** How something now is: sent now or as soon as there is a daemon and the rate allows. */
    state(message: FromProxy) {
        this.#states.set(message.type, message);
        this.flush();
    }

    /** Sends what waits. To be called when a daemon has connected. */
    flush() {
        for (const [type, message] of this.#states) {
            if (!this.#spend()) return this.#flushLater();
            if (!this.send(message)) return;

            this.#states.delete(type);
        }
    }

    #flushLater() {
        if (this.#flushPlanned) return;

        this.#flushPlanned = true;
        this.loop.after(1000 / proxyLimits.reportsPerSecond, () => {
            this.#flushPlanned = false;
            this.flush();
        });
    }

    #spend(): boolean {
        const now = performance.now();
        const earned = ((now - this.#refilledAt) * proxyLimits.reportsPerSecond) / 1000;
        this.#left = Math.min(proxyLimits.reportsPerSecond, this.#left + earned);
        this.#refilledAt = now;
        if (this.#left < 1) return false;

        this.#left--;
        return true;
    }
}
