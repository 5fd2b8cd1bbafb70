import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/shared/errors.js';
import { checkMachine } from '../../../tools/install/machine.js';

let bin: string;
beforeEach(async () => {
    bin = await mkdtemp(join(tmpdir(), 'bulkhead-bin-'));
});
afterEach(() => rm(bin, { recursive: true }));

const program = async (name: string, says = '') => {
    await writeFile(join(bin, name), `#!/bin/sh\necho '${says}'\n`);
    await chmod(join(bin, name), 0o755);
};
const check = () => checkMachine({ PATH: bin });

describe('a machine that Bulkhead cannot be installed on is told why in one sentence', () => {
    test('no GNOME', async () => {
        await expect(check()).rejects.toThrow(UserError);
        await expect(check()).rejects.toThrow(/GNOME Shell is not installed/);
    });

    test('a GNOME that is too old', async () => {
        await program('gnome-shell', 'GNOME Shell 43.9');
        await expect(check()).rejects.toThrow(/This is GNOME 43: Bulkhead needs GNOME 45 or newer/);
    });

    test('missing programs, with the one command', async () => {
        await program('gnome-shell', 'GNOME Shell 48.7');
        for (const name of ['bwrap', 'mmdebstrap', 'mkfs.erofs', 'zstd', 'busybox']) await program(name);
        await expect(check()).rejects.toThrow(
            /run: sudo apt-get install --no-install-recommends qemu-system-x86 waypipe\.$/
        );
        await program('waypipe');
        await program('qemu-system-x86_64');
        await expect(check()).resolves.toBeUndefined();
    });
});
