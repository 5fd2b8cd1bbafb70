import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
    collectLogs,
    makeRuntimeFolder,
    removeRuntimeFolder,
    runtimeFolder,
} from '../../../src/instances/runtimeFolder.js';
import { UserError } from '../../../src/shared/errors.js';

let parent: string;
beforeEach(async () => (parent = await mkdtemp(join(tmpdir(), 'bulkhead-folder-'))));
afterEach(() => rm(parent, { recursive: true }));

describe('the runtime folder of an instance', () => {
    test('is closed to others, and so is each of its sub-folders', async () => {
        const folder = runtimeFolder(join(parent, 'terminal'));
        await makeRuntimeFolder(folder);
        for (const path of [folder.root, folder.agent, folder.waypipe, folder.proxy, folder.wayland])
            expect((await stat(path)).mode & 0o777).toBe(0o700);
    });

    test('is refused, with what to do, when its sockets would not fit a socket address', async () => {
        const folder = runtimeFolder(join(parent, 'x'.repeat(107)));
        await expect(makeRuntimeFolder(folder)).rejects.toThrow(UserError);
        await expect(stat(folder.root)).rejects.toThrow('ENOENT');
    });

    test('a link that a process left in it is removed, and what it points to stays', async () => {
        const folder = runtimeFolder(join(parent, 'terminal'));
        await makeRuntimeFolder(folder);
        await mkdir(join(parent, 'home'));
        await writeFile(join(parent, 'home/letter'), 'dear');
        await symlink(join(parent, 'home'), join(folder.wayland, 'trap'));
        await removeRuntimeFolder(folder);
        expect(await readFile(join(parent, 'home/letter'), 'utf8')).toBe('dear');
    });

    test('its logs cannot steer the terminal that shows them, and only their ends are kept', async () => {
        const folder = runtimeFolder(join(parent, 'terminal'));
        await makeRuntimeFolder(folder);
        await writeFile(folder.log('waypipe'), `${'x'.repeat(100_000)}\n\x1b]0;owned\x07\u202Eend`);
        const logs = await collectLogs(folder);
        expect(logs).toContain('\n?]0;owned??end');
        expect(logs.length).toBeLessThan(20_000);
    });
});
