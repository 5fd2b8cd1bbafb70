/** Which failed instances are news, and what a notification says about one. */
import { plain } from '../prompts/quote.js';

/** What is looked at of an instance. */
export interface Failable {
    path: string;
    name: string;
    state: string;
    /** One sentence of the daemon's when the state is failed. */
    reason: string;
    /** Stage to ms since the epoch. */
    timing: Readonly<Record<string, number>>;
}

export interface Changes {
    /** Failed since the last look. */
    failed: Failable[];
    /** Paths of instances that were started again. */
    startedAgain: string[];
}

/** In code points: four lines of an expanded notification. */
export const reasonLength = 300;

/** Follows the list of instances from the first one on, whose failures are no news: they were shown or seen before. */
export class FailureWatch {
    /** Path to the start that failed, by the ms since the epoch of its request. */
    #known: Map<string, number> | null = null;

    /** `instances` are those that exist now. One that is not among them, for want of a daemon, stays as it was. */
    look(instances: readonly Failable[]): Changes {
        const first = this.#known === null;
        const known = (this.#known ??= new Map());
        const changes: Changes = { failed: [], startedAgain: [] };
        for (const instance of instances) {
            const { path, state } = instance;
            const start = instance.timing.requested ?? 0;
            const before = known.get(path);
            if (before !== undefined && (state !== 'failed' || before !== start)) {
                known.delete(path);
                changes.startedAgain.push(path);
            }
            if (state !== 'failed' || before === start) continue;

            known.set(path, start);
            if (!first) changes.failed.push(instance);
        }
        return changes;
    }
}

type Translate = (text: string) => string;

/** The title and text of its notification, both plain text. `_` translates. */
export function failureText({ name, reason, timing }: Failable, _: Translate) {
    const title = timing.frame === undefined ? _('%s could not start') : _('%s ended unexpectedly');
    return { title: title.replace('%s', () => name), body: plain(reason, reasonLength) };
}
