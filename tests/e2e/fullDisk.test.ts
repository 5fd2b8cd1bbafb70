/** A disk that is really full: a file system of 8 MB, made for the test. */
import { expect, test } from '@jest/globals';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import esbuild from 'esbuild';
import { execa } from 'execa';

const disk = '/mnt/small';
const remedy = 'free some space and run "npm run install:user" again, which goes on from where it stopped.';

test('a full disk is told with its remedy before an image build and in the middle of one, and keeps the whole steps', async () => {
    const script = join(await mkdtemp(join(tmpdir(), 'full-disk-')), 'fullDisk.mjs');
    await esbuild.build({
        entryPoints: ['tests/support/fullDisk.ts'],
        bundle: true,
        format: 'esm',
        platform: 'node',
        outfile: script,
        banner: {
            js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
        },
    });
    const smallDisk = ['--dev-bind', '/', '/', '--size', '8000000', '--tmpfs', disk];
    const { stdout } = await execa('bwrap', [...smallDisk, 'node', script, disk]);
    const { begun, midway, left } = JSON.parse(stdout) as { begun: string; midway: string; left: string[] };

    const needs = `UserError: Building the guest image needs 4.0 GB, but the disk that holds ${disk}`;
    expect(begun).toBe(`${needs} has 0.0 GB free: ${remedy}`);
    expect(midway).toBe(`${needs} is full: ${remedy}`);
    expect(left).toEqual([expect.stringMatching(/^whole-/)]);
});
