/** Helpers that end together: once the group has ended, no process of it runs, not even one that was just being started. */
import { EventEmitter } from 'node:events';
import type { ProcessIdentity, Role } from '../instances/types.js';
import { adoptHelper, startHelper } from './helperProcess.js';
import type { HelperProcess } from './helperProcess.js';
import type { Confinement } from './sandbox.js';

/** Where a group finds the files of each process. */
export interface HelperFiles {
    lifeline(role: Role): string;
    log(role: Role): string;
}

/** Events: `helper` for each process as it joins; `lost` for each that ended, asked to or not. */
export class HelperGroup extends EventEmitter<{ helper: [HelperProcess]; lost: [HelperProcess] }> {
    readonly #files: HelperFiles;
    readonly #helpers: HelperProcess[] = [];
    readonly #starting = new Set<Promise<HelperProcess>>();
    readonly #over = new AbortController();

    constructor(files: HelperFiles) {
        super();
        this.#files = files;
    }

    /** Aborts, with the reason, when the group begins to end. */
    get signal(): AbortSignal {
        return this.#over.signal;
    }

    /** Starts a process of the group. Rejects when it cannot start, or the group is ending. */
    async launch(role: Role, confinement: Confinement): Promise<HelperProcess> {
        this.signal.throwIfAborted();
        const { lifeline, log } = this.#files;
        const start = startHelper({ role, confinement, lifeline: lifeline(role), log: log(role) });
        this.#starting.add(start);
        const helper = await start.finally(() => this.#starting.delete(start));
        this.#join(helper);
        this.signal.throwIfAborted();
        return helper;
    }

    /** Takes in a process that a former daemon started. */
    adopt(role: Role, identity: ProcessIdentity): HelperProcess {
        const helper = adoptHelper(role, identity, this.#files.lifeline(role));
        this.#join(helper);
        return helper;
    }

    /** Kills every process. Resolves when all are gone. The first caller's reason counts. */
    async end(reason: Error): Promise<void> {
        this.#over.abort(reason);
        for (const helper of this.#helpers) helper.kill();
        await Promise.allSettled(this.#starting);
        await Promise.all(this.#helpers.map(helper => helper.ended));
    }

    #join(helper: HelperProcess) {
        this.#helpers.push(helper);
        if (this.signal.aborted) helper.kill();
        this.emit('helper', helper);
        void helper.ended.then(() => this.emit('lost', helper));
    }
}
