import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Qmp } from '../../../src/vm/qmp.js';

let folder: string;
let server: Server;
let qemu: Socket;
let qmp: Qmp;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-qmp-'));
    server = createServer();
    server.listen(join(folder, 'qmp'));
    await once(server, 'listening');
    qmp = new Qmp(createConnection(join(folder, 'qmp')));
    [qemu] = (await once(server, 'connection')) as [Socket];
});
afterEach(async () => {
    qmp.close();
    qemu.destroy();
    server.close();
    await rm(folder, { recursive: true });
});
const say = (message: object) => qemu.write(`${JSON.stringify(message)}\n`);

describe("QEMU's control socket", () => {
    test('gives each command its own answer', async () => {
        const answers = [qmp.execute('a'), qmp.execute('b')];
        say({ return: { of: 'b' }, id: 2 });
        say({ return: {}, id: 1 });
        expect(await Promise.all(answers)).toEqual([{}, { of: 'b' }]);
    });

    test("an error is not taken for an answer, and has QEMU's words", async () => {
        const answer = qmp.execute('a');
        say({ error: { class: 'GenericError', desc: 'no such thing' }, id: 1 });
        await expect(answer).rejects.toThrow('no such thing');
    });

    test('events are passed on', async () => {
        const event = once(qmp, 'event');
        say({ QMP: { version: {} } });
        say({ timestamp: {}, event: 'SHUTDOWN', data: { reason: 'guest-reset' } });
        expect(await event).toEqual(['SHUTDOWN', { reason: 'guest-reset' }]);
    });

    test('a QEMU that is gone leaves no command waiting, neither one sent before nor one after', async () => {
        const before = qmp.execute('a');
        qemu.destroy();
        await expect(before).rejects.toThrow('closed');
        await expect(qmp.execute('b')).rejects.toThrow('closed');
    });
});
