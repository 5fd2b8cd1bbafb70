/**
 * Questions to the person that wait for the daemon's verdict. A question that cannot be put (no daemon, too many, too fast) is denied;
 * so is every open one when the daemon goes.
 */
import type { ProxyResource } from './control.js';
import type { FromProxy } from './control.js';
import type { Reports } from './reports.js';

/** A question that is open. */
export interface Ask {
    /** The asker went away: no verdict will come. */
    withdraw(): void;
}

export class Asks {
    readonly #open = new Map<number, (allow: boolean) => void>();
    #next = 0;

    constructor(
        readonly reports: Reports,
        readonly send: (message: FromProxy) => boolean
    ) {}

    /** Puts a question. Returns undefined when it is denied at once; else `verdict` is called once, later. */
    ask(resource: ProxyResource, detail: string, verdict: (allow: boolean) => void): Ask | undefined {
        const ask = this.#next++;
        if (!this.reports.event({ type: 'ask', ask, resource, detail })) return undefined;

        this.#open.set(ask, verdict);
        return {
            withdraw: () => {
                if (this.#open.delete(ask)) this.send({ type: 'withdraw', ask });
            },
        };
    }

    /** The daemon's answer. One for a question that is no longer open is late, not wrong. */
    settle(ask: number, allow: boolean) {
        const verdict = this.#open.get(ask);
        this.#open.delete(ask);
        verdict?.(allow);
    }

    denyAll() {
        for (const ask of [...this.#open.keys()]) this.settle(ask, false);
    }
}
