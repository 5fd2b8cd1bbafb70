/** The audit log: one JSON line per event, append-only, readable by its owner alone. Metadata only, never what a guest wrote or read. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** One line, without its time. */
export interface AuditEvent {
    instance: string;
    event: string;
    [key: string]: string;
}

export class AuditLog {
    readonly #path: string;

    constructor(path: string) {
        this.#path = path;
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    }

    /** Appends at once: when this has returned, the line is in the file. Throws what the file system throws. */
    write(event: AuditEvent) {
        const line = JSON.stringify({ time: new Date().toISOString(), ...event });
        appendFileSync(this.#path, `${line}\n`, { mode: 0o600 });
    }
}
