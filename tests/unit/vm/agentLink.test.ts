import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AgentLink } from '../../../src/vm/agentLink.js';

let folder: string;
let path: string;
let link: AgentLink;
const guests: Socket[] = [];

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-agent-'));
    path = join(folder, 'agent');
    link = new AgentLink();
});
afterEach(async () => {
    link.close();
    for (const guest of guests.splice(0)) guest.destroy();
    await rm(folder, { recursive: true });
});

async function guest() {
    const socket = createConnection(path);
    guests.push(socket);
    await once(socket, 'connect');
    const lines = createInterface(socket)[Symbol.asyncIterator]();
    return {
        socket,
        say: (message: object) => socket.write(`${JSON.stringify(message)}\n`),
        heard: async () => JSON.parse((await lines.next()).value as string) as { type: string },
    };
}

const hello = { type: 'hello', protocol: 1, uptime: 5, runs: [] };

describe('the link to the guest agent', () => {
    test('what is sent before the agent is there waits for its hello', async () => {
        await link.listen(path);
        link.send({ type: 'stop', graceMs: 1 });
        const agent = await guest();
        agent.say(hello);
        expect((await agent.heard()).type).toBe('clock');
        expect((await agent.heard()).type).toBe('stop');
    });

    test('an agent that comes back is heard again', async () => {
        await link.listen(path);
        const first = await guest();
        first.say(hello);
        await once(link, 'message');
        first.socket.end();
        await once(first.socket, 'close');
        const second = await guest();
        second.say({ ...hello, runs: [4] });
        expect(await once(link, 'message')).toEqual([{ ...hello, runs: [4] }]);
    });

    test('another program of the guest cannot take the place of the agent', async () => {
        await link.listen(path);
        const agent = await guest();
        agent.say(hello);
        await once(link, 'message');
        const intruder = await guest();
        await once(intruder.socket, 'close');
        agent.say({ type: 'ready', uptime: 6 });
        expect(await once(link, 'message')).toEqual([{ type: 'ready', uptime: 6 }]);
    });

    test.each([
        ['an unknown message', { type: 'root' }],
        ['an unknown key', { ...hello, extra: 1 }],
        ['a run number that is no number', { type: 'started', run: '../..' }],
    ])('%s ends the connection', async (_name, message) => {
        await link.listen(path);
        const agent = await guest();
        agent.say(message);
        expect(await once(link, 'breach')).toEqual(['sent a message that is not in the protocol']);
    });

    test('nothing is heard before hello', async () => {
        await link.listen(path);
        const agent = await guest();
        agent.say({ type: 'exited', run: 1, status: 0 });
        agent.say(hello);
        expect(await once(link, 'message')).toEqual([hello]);
    });

    test('a socket that a dead daemon left is replaced', async () => {
        const dead = createServer();
        dead.listen(path);
        await once(dead, 'listening');
        await link.listen(path);
        const agent = await guest();
        agent.say(hello);
        await once(link, 'message');
        dead.close();
    });

    test('a closed link does not listen again', async () => {
        link.close();
        await expect(link.listen(path)).rejects.toThrow();
    });
});
