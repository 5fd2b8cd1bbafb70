/** Reproducibility of the erofs layers, with the real mkfs.erofs of the desktop root. */
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeErofs } from '../../../src/images/erofs.js';
import { writeBase } from '../../../src/images/layers.js';
import type { RunTool } from '../../../src/images/runTool.js';
import { recipe, temporary, writeTar } from './roots.js';

const runTool: RunTool = async (argv, folder) => {
    await execa(argv[0]!, argv.slice(1), { cwd: folder });
};

const { code } = await execa('mkfs.erofs', ['--version'], { reject: false });

async function build(folder: string, mtime: Date) {
    await mkdir(folder);
    const files = ['a', 'b', 'c'].map(name => ({ name: `usr/${name}`, content: name.repeat(9000) }));
    await writeTar(join(folder, 'root.tar'), [{ name: 'usr/', type: 'directory' }, ...files], mtime);
    await writeBase(join(folder, 'root.tar'), join(folder, 'base.tar'), recipe);
    await makeErofs(runTool, folder, 'base.tar', 'base.erofs', recipe.epoch);
    return readFile(join(folder, 'base.erofs'));
}

// Skipped only outside of the desktop root (jest run by hand): the host may have no mkfs.erofs.
(code === 'ENOENT' ? test.skip : test)(
    'a layer that is built twice is the same bytes, whenever and wherever',
    async () => {
        const folder = await temporary();
        try {
            const first = await build(join(folder, 'one'), new Date(1e12));
            const second = await build(join(folder, 'two'), new Date(1.6e12));
            expect(first.length).toBeGreaterThan(0);
            expect(second.equals(first)).toBe(true);
        } finally {
            await rm(folder, { recursive: true });
        }
    }
);
