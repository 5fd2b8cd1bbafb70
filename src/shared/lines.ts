/**
 * Newline-delimited JSON over a stream socket, for peers that are not trusted: bounded line length and rate,
 * every line parsed by a schema, any breach ends the connection.
 */
import type { Socket } from 'node:net';
import type { ZodType } from 'zod';
import { limits } from './limits.js';
import { inspect, untrusted, type Untrusted } from './untrusted.js';

export interface LineHandlers<In> {
    /** One valid message. */
    message(message: In): void;
    /** The connection is over. `reason` is set when we ended it because the peer broke the rules. */
    closed(reason?: string): void;
}

/** A two-way line connection. */
export interface LineLink<Out> {
    send(message: Out): void;
    close(): void;
}

/**
 * Speaks lines over `socket`. Takes the socket over: its events and its end belong to the link.
 * Messages that do not fit `schema`, lines over limits.lineBytes and floods end the connection.
 */
export function lineLink<In, Out>(
    socket: Socket,
    schema: ZodType<In>,
    handlers: LineHandlers<In>
): LineLink<Out> {
    let pending = '';
    let reason: string | undefined;
    let windowStart = Date.now();
    let linesInWindow = 0;

    const breach = (why: string) => {
        reason = why;
        socket.destroy();
    };

    const takeLine = (untrustedLine: Untrusted<string>) => {
        const now = Date.now();
        if (now - windowStart >= 1000) {
            windowStart = now;
            linesInWindow = 0;
        }
        if (++linesInWindow > limits.linesPerSecond) return breach('sent too many messages in a second');

        const parsed = schema.safeParse(parseJson(untrustedLine));
        if (parsed.success) handlers.message(parsed.data);
        else breach('sent a message that is not in the protocol');
    };

    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
        const parts = (pending + text).split('\n');
        pending = parts.pop() ?? '';
        for (const line of parts) {
            if (socket.destroyed) return;
            if (line.length > limits.lineBytes) return breach('sent a line that is too long');
            takeLine(untrusted(line));
        }
        if (pending.length > limits.lineBytes) breach('sent a line that is too long');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => handlers.closed(reason));

    return {
        send: message => {
            if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
        },
        close: () => socket.destroy(),
    };
}

function parseJson(untrustedLine: Untrusted<string>): unknown {
    try {
        return JSON.parse(inspect(untrustedLine));
    } catch {
        return undefined;
    }
}
