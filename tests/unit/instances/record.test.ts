import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord, writeRecord } from '../../../src/instances/record.js';
import type { InstanceRecord } from '../../../src/instances/record.js';
import { isAdoptable } from '../../../src/instances/recovery.js';
import { identify } from '../../../src/vm/processIdentity.js';
import { exampleSpec } from './exampleSpec.js';

const self = identify(process.pid)!;
const running: InstanceRecord = {
    format: 1,
    spec: exampleSpec,
    backend: 'qemu-tcg',
    state: 'running',
    processes: { vsock: self, vmm: self, waypipe: self, proxy: self },
    timing: { requested: 1, agent: 2 },
};

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'bulkhead-record-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('the record of an instance', () => {
    test('is read back as it was written, and leaves no other file', async () => {
        const path = join(folder, 'instance.json');
        await writeRecord(path, running);
        expect(await readRecord(path)).toEqual(running);
        expect(await readdir(folder)).toEqual(['instance.json']);
    });

    test.each(['', '{', '{"format":1}', JSON.stringify({ ...running, format: 2 })])(
        'a half-written or foreign one (%#) is no record',
        async text => {
            const path = join(folder, 'instance.json');
            await writeFile(path, text);
            expect(await readRecord(path)).toBeUndefined();
        }
    );

    test('none is no record', async () => {
        expect(await readRecord(join(folder, 'none'))).toBeUndefined();
    });
});

describe('adoption', () => {
    test('takes an instance whose processes all live', () => {
        expect(isAdoptable(running)).toBe(true);
    });

    test('refuses one that lost a process', () => {
        const { vsock, vmm, waypipe } = running.processes;
        expect(isAdoptable({ ...running, processes: { vsock: vsock!, vmm: vmm!, waypipe: waypipe! } })).toBe(
            false
        );
    });

    test('refuses a later process that got the pid of one that died', () => {
        const other = { ...self, startTime: self.startTime + 1 };
        expect(isAdoptable({ ...running, processes: { ...running.processes, vmm: other } })).toBe(false);
    });

    test.each(['starting', 'stopping', 'failed'] as const)('refuses one that was %s', state => {
        expect(isAdoptable({ ...running, state })).toBe(false);
    });
});
