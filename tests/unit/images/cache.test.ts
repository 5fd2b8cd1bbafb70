import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StepCache } from '../../../src/images/cache.js';
import { pool } from '../../../src/images/pool.js';
import { demandSpace, explainFullDisk } from '../../../src/images/space.js';
import { UserError } from '../../../src/shared/errors.js';
import { temporary } from './roots.js';

let folder: string;
beforeEach(async () => {
    folder = await temporary();
});
afterEach(() => rm(folder, { recursive: true }));

const fill = jest.fn((work: string) => writeFile(join(work, 'file'), 'content'));
beforeEach(() => {
    fill.mockClear();
});

describe('the cache of steps', () => {
    test('a step is made once for what it is made from', async () => {
        const first = await (await StepCache.open(folder)).step('base', { a: 1 }, fill);
        const again = await (await StepCache.open(folder)).step('base', { a: 1 }, fill);
        expect(again).toBe(first);
        expect(fill).toHaveBeenCalledTimes(1);
    });

    test('a step is made anew when what it is made from has changed', async () => {
        const cache = await StepCache.open(folder);
        await cache.step('base', { a: 1 }, fill);
        await cache.step('base', { a: 2 }, fill);
        expect(fill).toHaveBeenCalledTimes(2);
    });

    test('a step that fails leaves no file behind', async () => {
        const cache = await StepCache.open(folder);
        const failing = async (work: string) => {
            await fill(work);
            throw new Error('no');
        };
        await expect(cache.step('base', 1, failing)).rejects.toThrow('no');
        expect(await readdir(folder)).toEqual([]);
    });

    test('a step whose files were damaged is dropped, a whole one is kept', async () => {
        const cache = await StepCache.open(folder);
        const [good, bad] = [await cache.step('good', 1, fill), await cache.step('bad', 1, fill)];
        await writeFile(join(bad, 'file'), 'CONTENT');
        await cache.dropDamaged();
        expect([existsSync(good), existsSync(bad)]).toEqual([true, false]);
    });

    test('what a killed build left is removed, what a running one works on is not', async () => {
        const [dead, alive] = ['.work-4194305-abc', `.work-${process.pid}-abc`];
        await mkdir(join(folder, dead));
        await mkdir(join(folder, alive));
        await StepCache.open(folder);
        expect(await readdir(folder)).toEqual([alive]);
    });
});

describe('a disk that is too small', () => {
    test('is said before the build begins, with what to do', async () => {
        const refusal = demandSpace(folder, 1e18);
        await expect(refusal).rejects.toThrow(UserError);
        await expect(refusal).rejects.toThrow(/needs 1000000000\.0 GB, .* free some space and run/);
    });

    test.each([
        Object.assign(new Error('write'), {
            code: 'ENOSPC',
            message: 'ENOSPC: no space left on device, write',
        }),
        new UserError('The tool failed.', { cause: new Error('mkfs.erofs: No space left on device') }),
    ])('is said in the same way when it fills midway: %s', async cause => {
        const failing = explainFullDisk(folder, 4e9, () => Promise.reject(cause));
        await expect(failing).rejects.toThrow(UserError);
        await expect(failing).rejects.toThrow(/is full: free some space/);
    });

    test('another failure is told as it is', async () => {
        const cause = new Error('no network');
        await expect(explainFullDisk(folder, 4e9, () => Promise.reject(cause))).rejects.toBe(cause);
    });
});

test('the pool runs no more at once than it may, and all in the end', async () => {
    const limit = pool(2);
    let running = 0;
    let most = 0;
    const work = (n: number) =>
        limit(async () => {
            most = Math.max(most, ++running);
            await new Promise(resolve => setImmediate(resolve));
            running--;
            if (n === 1) throw new Error('one fails');
            return n;
        });
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true]);
    expect(most).toBe(2);
});
