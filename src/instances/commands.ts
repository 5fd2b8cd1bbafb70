/** Which commands run in one guest. Pure: what is sent and what it means is the caller's. */
import { UserError } from '../shared/errors.js';
import { limits } from '../shared/limits.js';

export class Commands {
    readonly #open = new Set<number>();
    readonly #unasked = new Set<number>();
    #next = 1;

    /** The numbers of those that run or are to be started. */
    get open(): readonly number[] {
        return [...this.#open];
    }

    /** The number of a new command. Throws UserError when the guest runs too many. */
    add(): number {
        if (this.#open.size >= limits.runsPerInstance)
            throw new UserError(`This app has ${limits.runsPerInstance} windows open: close one first.`);

        return this.#add();
    }

    /** The numbers of those that the agent was not asked to start so far. From now on it was. */
    ask(): readonly number[] {
        const runs = [...this.#unasked];
        this.#unasked.clear();
        return runs;
    }

    /** A command ended. One that the guest made up changes nothing. */
    end(run: number) {
        this.#open.delete(run);
        this.#unasked.delete(run);
    }

    /**
     * The agent of a running guest said which commands run: the others ended while nobody listened. Those that it was not
     * asked for stay, under numbers that it does not use: a new daemon counts from 1 again.
     */
    replace(runs: readonly number[]) {
        const unasked = this.ask();
        this.#open.clear();
        for (const run of runs) this.#open.add(run);
        this.#next = Math.max(this.#next, ...runs.map(run => run + 1));
        unasked.forEach(() => this.#add());
    }

    #add() {
        const run = this.#next++;
        this.#open.add(run);
        this.#unasked.add(run);
        return run;
    }
}
