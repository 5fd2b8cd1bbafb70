/** Processes told apart from later ones with the same pid, by their start time. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { ProcessIdentity } from '../instances/types.js';

const vanishDeadline = 5_000;
const lookInterval = 5;

/** The identity of a living process, or undefined when there is none with this pid (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | undefined {
    const stat = readStat(pid);
    if (stat === undefined) return undefined;

    // Field 2, the name, may hold spaces and parentheses: what follows its last one is field 3 on (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], Number(fields[19])];
    return state === 'Z' || state === 'X' || !Number.isSafeInteger(startTime)
        ? undefined
        : { pid, startTime };
}

/** Whether this very process lives, not only one with its pid. */
export const isAlive = ({ pid, startTime }: ProcessIdentity) => identify(pid)?.startTime === startTime;

/** Sends SIGKILL to this very process. Nothing happens when it has ended already. */
export function killProcess(identity: ProcessIdentity) {
    if (!isAlive(identity)) return;
    try {
        process.kill(identity.pid, 'SIGKILL');
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}

/**
 * Resolves when this very process is gone. The kernel tells nobody but the parent, so this looks again and again: use it
 * only for a process that was told to end. Rejects after 5 s: then it hangs in the kernel.
 */
export async function vanished(identity: ProcessIdentity): Promise<void> {
    for (const end = Date.now() + vanishDeadline; isAlive(identity);) {
        if (Date.now() > end) throw new Error(`process ${identity.pid} does not end`);
        await setTimeout(lookInterval);
    }
}

function readStat(pid: number) {
    try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8');
    } catch {
        return undefined;
    }
}
