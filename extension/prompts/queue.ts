/**
 * Prompts wait their turn: one is shown at a time, none while the gate is closed (a locked screen). Whatever ends a
 * prompt but a person's answer — no room in the queue, no dialog, withdrawn, its instance gone, teardown — ends it as a denial.
 */
export const decisions = ['deny', 'once', 'while-running', 'always'] as const;
export type Decision = (typeof decisions)[number];

/** A prompt on the screen. */
export interface Shown {
    /** Closes it without an answer. */
    dismiss(): void;
}

/** Shows a prompt and calls `answer` once when the person decides. Null when it cannot be shown. */
export type Show<Request> = (request: Request, answer: (decision: Decision) => void) => Shown | null;

interface Waiting<Request> {
    request: Request;
    resolve(decision: Decision): void;
}

/** Prompts that one instance may have waiting; more are denied unseen. */
export const waitingPerInstance = 8;

export class PromptQueue<Request extends { instance: string }> {
    readonly #show: Show<Request>;
    readonly #isOpen: () => boolean;
    #waiting: Waiting<Request>[] = [];
    #current: (Waiting<Request> & { shown: Shown; turn: object }) | null = null;

    /** `isOpen` tells whether a prompt may be shown now. */
    constructor(show: Show<Request>, isOpen: () => boolean) {
        this.#show = show;
        this.#isOpen = isOpen;
    }

    /** Asks after those that wait already. Never rejects. */
    ask(request: Request): Promise<Decision> {
        const mine = this.#waiting.filter(({ request: { instance } }) => instance === request.instance);
        if (mine.length >= waitingPerInstance) return Promise.resolve('deny');

        return new Promise(resolve => {
            this.#waiting.push({ request, resolve });
            this.sync();
        });
    }

    /** To be called when the gate opens or closes: a prompt on the screen goes back to the head of the queue. */
    sync() {
        if (!this.#isOpen()) {
            this.#hold();
            return;
        }
        while (!this.#current && this.#waiting.length > 0) this.#next();
    }

    /** Denies the prompts that `hit` picks, or all. */
    cancel(hit: (request: Request) => boolean = () => true) {
        const gone = this.#waiting.filter(({ request }) => hit(request));
        this.#waiting = this.#waiting.filter(({ request }) => !hit(request));
        for (const { resolve } of gone) resolve('deny');

        const current = this.#current;
        if (current && hit(current.request)) {
            this.#current = null;
            current.shown.dismiss();
            current.resolve('deny');
        }
        this.sync();
    }

    #hold() {
        const current = this.#current;
        if (!current) return;

        this.#current = null;
        this.#waiting.unshift({ request: current.request, resolve: current.resolve });
        current.shown.dismiss();
    }

    #next() {
        const next = this.#waiting.shift()!;
        // A dialog that was taken back may still answer; only the one on the screen counts.
        const turn = {};
        const shown = this.#show(next.request, decision => {
            if (this.#current?.turn !== turn) return;

            this.#current = null;
            next.resolve(decision);
            this.sync();
        });
        if (shown) this.#current = { ...next, shown, turn };
        else next.resolve('deny');
    }
}
