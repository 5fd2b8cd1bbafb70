import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLifelines, newLifeline, oldLifeline } from '../../../src/vm/lifeline.js';
import { identify, isAlive, killProcess } from '../../../src/vm/processIdentity.js';

let folder: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-life-'));
    await makeLifelines(folder, ['vmm']);
});
afterEach(() => rm(folder, { recursive: true }));

function startHolder() {
    const { writer, ended } = newLifeline(join(folder, 'vmm'));
    const child = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', writer] });
    closeSync(writer);
    return { child, ended };
}

describe('a lifeline', () => {
    test('tells the end of the process that holds it, to its starter and to one that came later', async () => {
        const { child, ended } = startHolder();
        await once(child, 'spawn');
        const later = oldLifeline(join(folder, 'vmm'));
        expect(await Promise.race([later.then(() => 'ended'), Promise.resolve('holds')])).toBe('holds');
        child.kill('SIGKILL');
        await Promise.all([ended, later]);
    });

    test('that nobody holds any more has ended', async () => {
        const { child, ended } = startHolder();
        child.kill('SIGKILL');
        await ended;
        await oldLifeline(join(folder, 'vmm'));
    });
});

describe('the identity of a process', () => {
    test('is that of the very process: a later one with its pid is not killed', async () => {
        const child = spawn('sleep', ['60'], { stdio: 'ignore' });
        await once(child, 'spawn');
        const identity = identify(child.pid!)!;
        expect(isAlive(identity)).toBe(true);
        expect(isAlive({ ...identity, startTime: identity.startTime + 1 })).toBe(false);

        const exit = once(child, 'exit');
        killProcess({ ...identity, startTime: identity.startTime + 1 });
        child.kill('SIGTERM');
        expect(await exit).toEqual([null, 'SIGTERM']);
        expect(isAlive(identity)).toBe(false);
        killProcess(identity);
    });
});
