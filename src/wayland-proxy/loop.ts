/** The proxy's event loop: one epoll set and a few deadlines. It never yields to Node: no promise or timer of Node's runs. */
import { Poller } from './poller.js';

type Ready = (events: number) => void;

/** One descriptor being watched. Its owner closes the descriptor, after `stop`. */
export class Watch {
    #mask = 0;
    #registered = false;

    constructor(
        readonly poller: Poller,
        readonly watches: Map<number, Ready>,
        readonly fd: number,
        readonly token: number
    ) {}

    /** Sets the events to wait for. With none, not even a hang-up is reported. */
    set(mask: number) {
        if (mask === this.#mask) return;

        if (mask === 0) this.poller.remove(this.fd);
        else if (this.#registered) this.poller.change(this.fd, this.token, mask);
        else this.poller.add(this.fd, this.token, mask);
        this.#registered = mask !== 0;
        this.#mask = mask;
    }

    stop() {
        this.set(0);
        this.watches.delete(this.token);
    }
}

export class Loop {
    readonly #poller = new Poller();
    readonly #watches = new Map<number, Ready>();
    readonly #deadlines = new Set<{ at: number; run: () => unknown }>();
    /** Tokens are never used twice within a batch of events, so a stale event reaches nobody. */
    #nextToken = 1;
    #running = true;

    watch(fd: number, ready: Ready): Watch {
        const token = this.#nextToken;
        this.#nextToken = (this.#nextToken + 1) >>> 0;
        this.#watches.set(token, ready);
        return new Watch(this.#poller, this.#watches, fd, token);
    }

    /** Runs `run` once after `delay` ms. Returns the way to call it off. */
    after(delay: number, run: () => unknown): () => void {
        const deadline = { at: performance.now() + delay, run };
        this.#deadlines.add(deadline);
        return () => this.#deadlines.delete(deadline);
    }

    /** Runs until `stop`. */
    run() {
        const ready = (token: number, events: number) => this.#watches.get(token)?.(events);
        while (this.#running) {
            this.#poller.wait(this.#timeout(), ready);
            if (this.#deadlines.size > 0) this.#runDeadlines();
        }
    }

    stop() {
        this.#running = false;
    }

    #timeout(): number {
        if (this.#deadlines.size === 0) return -1;

        const next = Math.min(...[...this.#deadlines].map(deadline => deadline.at));
        return Math.max(0, Math.ceil(next - performance.now()));
    }

    #runDeadlines() {
        const now = performance.now();
        for (const deadline of [...this.#deadlines])
            if (deadline.at <= now && this.#deadlines.delete(deadline)) deadline.run();
    }
}
