/**
 * Lines to and from the daemon. A line that is not a message of the protocol is dropped: a daemon that is newer
 * than this guest must not end its apps.
 */
import type { FromAgent, ToAgent } from '../../src/vm/agentProtocol.js';

/** One message as a line. */
export const toLine = (message: FromAgent) => `${JSON.stringify(message)}\n`;

/** The message in a line, or undefined when it is none. */
export function parseLine(line: string): ToAgent | undefined {
    let value: unknown;
    try {
        value = JSON.parse(line);
    } catch {
        return undefined;
    }
    if (!isRecord(value)) return undefined;
    switch (value.type) {
        case 'clock':
            return isTime(value.epochMs) ? { type: 'clock', epochMs: value.epochMs } : undefined;
        case 'start':
            return parseStart(value);
        case 'stop':
            return isTime(value.graceMs) ? { type: 'stop', graceMs: value.graceMs } : undefined;
        default:
            return undefined;
    }
}

function parseStart({ run, argv, env }: Record<string, unknown>): ToAgent | undefined {
    if (!Number.isInteger(run) || !Array.isArray(argv) || argv.length === 0 || !isRecord(env))
        return undefined;
    if (![...argv, ...Object.values(env)].every(isText)) return undefined;
    return { type: 'start', run: run as number, argv: argv as string[], env: env as Record<string, string> };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);

const isTime = (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isText = (value: unknown): value is string => typeof value === 'string';

/** Cuts a byte stream into lines of UTF-8 text; lines that are not UTF-8 are dropped. */
export class LineReader {
    #encoded = '';

    /** Takes the next bytes and returns the lines they complete. */
    push(bytes: Uint8Array): string[] {
        const lines: string[] = [];
        for (const byte of bytes) {
            if (byte === 0x0a) {
                lines.push(...decode(this.#encoded));
                this.#encoded = '';
            } else {
                this.#encoded += percent[byte];
            }
        }
        return lines;
    }
}

/** QuickJS has no TextDecoder: decodeURIComponent is its UTF-8 decoder. */
const percent = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, '0')}`);

function decode(encoded: string): string[] {
    try {
        return [decodeURIComponent(encoded)];
    } catch {
        return [];
    }
}
