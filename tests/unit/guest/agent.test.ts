/** The guest agent's parts that need no QuickJS; the whole agent runs in tests/e2e. */
import { describe, expect, test } from '@jest/globals';
import { endingOf } from '../../../guest/agent/ending.js';
import { LineReader, parseLine, toLine } from '../../../guest/agent/messages.js';
import { fromAgent, toAgent } from '../../../src/vm/agentProtocol.js';

const bytes = (text: string) => Buffer.from(text);

describe('lines from the daemon', () => {
    test('every message of the protocol arrives as it was sent', () => {
        const messages = [
            { type: 'clock', epochMs: 1795348030123.5 },
            { type: 'start', run: 0, argv: ['foot', '-T', 'Grüße 👋'], env: { LANG: 'C.UTF-8' } },
            { type: 'stop', graceMs: 0 },
        ].map(message => toAgent.parse(message));
        const lines = new LineReader().push(bytes(messages.map(m => `${JSON.stringify(m)}\n`).join('')));
        expect(lines.map(parseLine)).toEqual(messages);
    });

    test('a character that is cut between two reads is put together again', () => {
        const reader = new LineReader();
        const [head, tail] = [bytes('{"a":"€"}\n').subarray(0, 7), bytes('{"a":"€"}\n').subarray(7)];
        expect(reader.push(head)).toEqual([]);
        expect(reader.push(tail)).toEqual(['{"a":"€"}']);
    });

    test('a line that is not UTF-8 is dropped and the next one read', () => {
        expect(new LineReader().push(Buffer.from([0xff, 0xfe, 0x0a, 0x61, 0x0a]))).toEqual(['a']);
    });

    test.each([
        'not json',
        'null',
        '[]',
        '"stop"',
        '{"type":"reformat"}',
        '{"type":"stop"}',
        '{"type":"stop","graceMs":-1}',
        '{"type":"clock","epochMs":"now"}',
        '{"type":"start","run":1,"argv":[],"env":{}}',
        '{"type":"start","run":1,"argv":["a",2],"env":{}}',
        '{"type":"start","run":1.5,"argv":["a"],"env":{}}',
        '{"type":"start","run":1,"argv":["a"],"env":{"A":1}}',
        '{"type":"start","run":1,"argv":["a"]}',
    ])('%s is ignored', line => {
        expect(parseLine(line)).toBeUndefined();
    });
});

test('what the agent says fits the schema that the daemon reads it with', () => {
    const lines = [
        toLine({ type: 'hello', protocol: 1, uptime: 2900, runs: [1] }),
        toLine({ type: 'exited', run: 1, ...endingOf(0x0700) }),
        toLine({ type: 'exited', run: 2, ...endingOf(0x0009) }),
    ];
    expect(lines.map(line => fromAgent.parse(JSON.parse(line)))).toEqual([
        { type: 'hello', protocol: 1, uptime: 2900, runs: [1] },
        { type: 'exited', run: 1, status: 7 },
        { type: 'exited', run: 2, signal: 9 },
    ]);
});

test('a command that dumped core is told by its signal', () => {
    expect(endingOf(0x80 | 11)).toEqual({ signal: 11 });
});
