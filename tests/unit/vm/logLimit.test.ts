import { afterEach, beforeEach, describe, test } from '@jest/globals';
import { watch } from 'node:fs';
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limitLogs } from '../../../src/vm/logLimit.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'bulkhead-log-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('the output of a helper', () => {
    test('that a guest makes grow is emptied', async () => {
        const log = join(folder, 'waypipe');
        const limit = limitLogs(folder);
        const emptied = new Promise<void>(resolve => {
            const watcher = watch(folder, () => {
                void stat(log).then(({ size }) => {
                    if (size > 0) return;
                    watcher.close();
                    resolve();
                });
            });
        });
        await appendFile(log, 'x'.repeat(300 * 1024));
        await emptied;
        limit.close();
    });
});
