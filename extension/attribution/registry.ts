/**
 * The instances that the daemon registered, by id and by pid. A registration stays until it is taken back or its process
 * is gone: instances outlive the daemon.
 */
import type { Registration } from './registration.js';

/** The start time of a process (field 22 of /proc/PID/stat), or null when there is no such process. */
export type StartTimeOf = (pid: number) => number | null;

export class Registry {
    readonly #startTimeOf: StartTimeOf;
    readonly #instances = new Map<string, Registration>();

    constructor(startTimeOf: StartTimeOf) {
        this.#startTimeOf = startTimeOf;
    }

    get size() {
        return this.#instances.size;
    }

    /** Whether the registered process still is the one that was registered. */
    isAlive(registration: Registration) {
        return this.#startTimeOf(registration.pid) === registration.startTime;
    }

    /** Adds a registration, or replaces the one of the same instance. */
    add(registration: Registration) {
        this.prune();
        this.#instances.set(registration.instance, registration);
    }

    remove(instance: string) {
        this.#instances.delete(instance);
    }

    get(instance: string): Registration | undefined {
        return this.#instances.get(instance);
    }

    byPid(pid: number): Registration | undefined {
        return [...this.#instances.values()].find(registration => registration.pid === pid);
    }

    /** Forgets registrations whose process is gone. */
    prune() {
        for (const registration of this.#instances.values())
            if (!this.isAlive(registration)) this.#instances.delete(registration.instance);
    }
}
