/** Waiting for the sockets of helpers: for the event, with a deadline, and with a message that says what was awaited. */
import { existsSync, watch } from 'node:fs';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { setTimeout as startTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';

/** What a helper gets to open its socket: a hundred times what it needs on a busy machine. */
const socketDeadline = 20_000;
const connectInterval = 5;

/**
 * Resolves when there is a file at `path`; its folder must exist. Rejects with `what` after 20 s, or with the
 * signal's reason.
 */
export function socketAppears(path: string, what: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const finish = (error?: unknown) => {
            watcher.close();
            clearTimeout(timer);
            signal.removeEventListener('abort', aborted);
            if (error === undefined) resolve();
            else reject(error);
        };
        const aborted = () => finish(signal.reason);
        const late = () =>
            finish(new Error(`${what} did not open its socket within ${socketDeadline / 1000} s`));
        const timer = startTimer(late, socketDeadline);
        const watcher = watch(dirname(path), () => {
            if (existsSync(path)) finish();
        });
        watcher.on('error', finish);
        signal.addEventListener('abort', aborted);
        if (existsSync(path)) finish();
    });
}

/**
 * A connection to the socket of `what`, as soon as it takes one. There is no event for listen(2), and QEMU does much
 * between bind(2) and it: a refused connection is tried again until the deadline.
 */
export async function connectWhenThere(path: string, what: string, signal: AbortSignal): Promise<Socket> {
    await socketAppears(path, what, signal);
    for (const end = Date.now() + socketDeadline; ;) {
        const socket = await connect(path);
        if (socket) return socket;
        if (Date.now() > end) throw new Error(`${what} does not answer at its socket`);
        await setTimeout(connectInterval, undefined, { signal });
    }
}

/** A connection, or undefined when nobody listens. */
async function connect(path: string) {
    const socket = createConnection(path);
    try {
        await once(socket, 'connect');
        return socket;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return undefined;
        throw error;
    }
}
