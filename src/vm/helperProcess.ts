/**
 * A sandboxed process of an instance. It is started so that it outlives the daemon, its output goes to a file, and its
 * end is seen through its lifeline: a process that a former daemon started is watched in the same way.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ProcessIdentity, Role } from '../instances/types.js';
import { newLifeline, oldLifeline } from './lifeline.js';
import { identify, killProcess } from './processIdentity.js';
import { findProgram } from './programs.js';
import { sandboxArgv } from './sandbox.js';
import type { Confinement } from './sandbox.js';

export interface HelperProcess {
    readonly role: Role;
    readonly identity: ProcessIdentity;
    /** Resolves when the process is gone, with its exit status if it was our child and ended by itself. */
    readonly ended: Promise<number | undefined>;
    /** SIGKILL. `ended` tells when it is done. */
    kill(): void;
}

export interface HelperStart {
    role: Role;
    confinement: Confinement;
    /** The FIFO that the process holds open while it lives. */
    lifeline: string;
    /** Where its standard output and error are appended. */
    log: string;
}

/** What bwrap writes to --info-fd. */
const bwrapInfo = z.object({ 'child-pid': z.int().positive() });
const infoFd = 3;

/** Starts a helper. Rejects when the sandbox cannot be set up or the program ends before it is known. */
export async function startHelper({ role, confinement, lifeline, log }: HelperStart): Promise<HelperProcess> {
    const life = newLifeline(lifeline);
    const output = openSync(log, 'a', 0o600);
    const monitor = spawn(findProgram('bwrap'), sandboxArgv(confinement, infoFd), {
        detached: true,
        env: {},
        stdio: ['ignore', output, output, 'pipe', life.writer],
    });
    const exited = exitStatus(monitor);
    closeSync(output);
    closeSync(life.writer);
    monitor.unref();

    const info = bwrapInfo.safeParse(parseJson(await text(monitor.stdio[infoFd] as Readable)));
    const identity = info.success ? identify(info.data['child-pid']) : undefined;
    if (!identity) throw new Error(`the ${role} process ended at its start (status ${await exited})`);

    // The monitor may be killed alone: the process is gone only when its lifeline says so.
    const ended = Promise.all([life.ended, exited]).then(([, status]) => status);
    return { role, identity, ended, kill: () => killProcess(identity) };
}

/** Takes over a helper that a former daemon started. `ended` resolves at once if it is gone. */
export function adoptHelper(role: Role, identity: ProcessIdentity, lifeline: string): HelperProcess {
    const ended = oldLifeline(lifeline).then(() => undefined);
    return { role, identity, ended, kill: () => killProcess(identity) };
}

async function exitStatus(monitor: ChildProcess): Promise<number | undefined> {
    const [status] = (await once(monitor, 'exit')) as [number | null];
    return status ?? undefined;
}

function parseJson(json: string): unknown {
    try {
        return JSON.parse(json);
    } catch {
        return undefined;
    }
}
