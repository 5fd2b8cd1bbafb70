/**
 * Tells when a process ends, for a child and for a process that a former daemon started alike: the process holds a FIFO
 * open for writing and never uses it, so that its last reader sees the end of the file when the process is gone.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';

/** Makes the FIFOs of `names` in `folder`. Node has no mkfifo(2), coreutils has. */
export async function makeLifelines(folder: string, names: readonly string[]) {
    await execa('mkfifo', ['-m', '600', ...names.map(name => join(folder, name))]);
}

/**
 * Opens the FIFO at `path` for a new process. `writer` is the descriptor that the process inherits; the caller
 * closes its own copy after the start. `ended` resolves when no process holds it any more.
 */
export function newLifeline(path: string): { writer: number; ended: Promise<void> } {
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    return { writer, ended: endOf(reader) };
}

/** Takes up the FIFO of a running process. Resolves at once when nobody holds it. */
export async function oldLifeline(path: string): Promise<void> {
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (hasWriter(reader)) await endOf(reader);
    else closeSync(reader);
}

/** poll(2) reports no hang-up on a FIFO that had no writer since it was opened: read(2) tells. */
function hasWriter(reader: number) {
    try {
        return readSync(reader, Buffer.alloc(1)) > 0;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return true;
        throw error;
    }
}

function endOf(reader: number) {
    const socket = new Socket({ fd: reader, readable: true, writable: false });
    // A process that a guest took over may write here: the bytes are dropped.
    socket.resume();
    socket.unref();
    return new Promise<void>(resolve => socket.on('error', () => undefined).on('close', () => resolve()));
}
