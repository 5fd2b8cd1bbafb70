/**
 * The app's processes: each command in a session and process group of its own, so that ending a run ends what it
 * started too. What they print goes to /dev/null: a guest's content never reaches the host's logs.
 */
import * as os from 'os';
import * as std from 'std';
import { endingOf, type Ending } from './ending.js';

/** SIGKILL: the same on all that Linux runs on, and not named by QuickJS. */
const SIGKILL = 9;

export class Runs {
    readonly #pids = new Map<number, number>();
    readonly #ended: (run: number, ending: Ending) => void;

    /** `ended` is told of each command that ended. */
    constructor(ended: (run: number, ending: Ending) => void) {
        this.#ended = ended;
        os.signal(os.SIGCHLD, () => this.#reap());
    }

    /** Numbers of the commands that run. */
    get running() {
        return [...this.#pids.keys()];
    }

    /** Starts a command; one that cannot be started ends with status 127. A number in use is ignored. */
    start(run: number, argv: readonly string[], env: Record<string, string>) {
        if (this.#pids.has(run)) return;
        const nothing = os.open('/dev/null', os.O_RDWR);
        // setsid does not fork here (a fresh child leads no group), so its pid is the command's and the group's.
        const pid = os.exec(['/usr/bin/setsid', '--', ...argv], {
            block: false,
            stdin: nothing,
            stdout: nothing,
            stderr: nothing,
            env: { ...std.getenviron(), ...env },
        });
        os.close(nothing);
        this.#pids.set(run, pid);
    }

    /** Asks all commands, and what they started, to end. */
    terminate() {
        this.#signal(os.SIGTERM);
    }

    /** Ends them. */
    kill() {
        this.#signal(SIGKILL);
    }

    #signal(signal: number) {
        for (const pid of this.#pids.values()) os.kill(-pid, signal);
    }

    #reap() {
        for (const [run, pid] of this.#pids) {
            const [ended, status] = os.waitpid(pid, os.WNOHANG);
            if (ended !== pid) continue;
            this.#pids.delete(run);
            this.#ended(run, endingOf(status));
        }
    }
}
