import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleImage } from '../../../src/images/assemble.js';
import { verifyImage } from '../../../src/images/verify.js';
import { UserError } from '../../../src/shared/errors.js';
import { temporary } from './roots.js';

let folder: string;
let image: string;

async function assemble(initrd = 'initrd') {
    for (const name of ['vmlinux', 'base.erofs', 'app.erofs']) {
        // An image's files are read-only.
        await rm(join(folder, name), { force: true });
        await writeFile(join(folder, name), name);
    }
    return assembleImage(join(folder, 'images'), {
        kernel: join(folder, 'vmlinux'),
        initrd: Buffer.from(initrd),
        base: join(folder, 'base.erofs'),
        layers: { app: join(folder, 'app.erofs') },
    });
}

beforeEach(async () => {
    folder = await temporary();
    image = await assemble();
});
afterEach(() => rm(folder, { recursive: true }));

async function overwrite(name: string, content: string) {
    // The image's file shares its inode with the cache: a damaged disk would not care either.
    await chmod(join(image, name), 0o644);
    await writeFile(join(image, name), content);
}

async function expectRefusal(what: RegExp) {
    const refusal = verifyImage(image);
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow(what);
    await expect(refusal).rejects.toThrow('npm run install:user');
}

describe('an image', () => {
    test('as it was built is accepted, with its manifest', async () => {
        expect(Object.keys((await verifyImage(image)).layers)).toEqual(['app']);
    });

    test('is made once for the same parts, and leaves no half-made folder', async () => {
        expect(await assemble()).toBe(image);
        expect(await assemble('other')).not.toBe(image);
        expect(await readdir(join(folder, 'images'))).toHaveLength(2);
    });

    test('that is missing is refused', async () => {
        await rm(image, { recursive: true });
        await expectRefusal(/has no image.json/);
    });

    test('that lacks a file is refused', async () => {
        await rm(join(image, 'base.erofs'));
        await expectRefusal(/lacks base.erofs/);
    });

    test('with a cut file is refused', async () => {
        await overwrite('vmlinux', 'vml');
        await expectRefusal(/damaged vmlinux/);
    });

    test('with a file of the right length and another content is refused', async () => {
        await overwrite('app.erofs', 'APP.erofs');
        await expectRefusal(/damaged app.erofs/);
    });

    test('whose manifest was changed to fit changed files is refused', async () => {
        const text = await readFile(join(image, 'image.json'), 'utf8');
        await rm(join(image, 'image.json'));
        await writeFile(join(image, 'image.json'), text.replace(/"size": 7/, '"size": 8'));
        await expectRefusal(/image.json that was changed/);
    });

    test('under another name is refused', async () => {
        const renamed = join(folder, 'images', '0'.repeat(64));
        await rename(image, renamed);
        image = renamed;
        await expectRefusal(/image.json that was changed/);
    });
});

describe('a file that was hashed before', () => {
    test('is not hashed again', async () => {
        const cacheFile = join(folder, 'verified.json');
        await verifyImage(image, cacheFile);
        const before = await stat(cacheFile, { bigint: true });
        await verifyImage(image, cacheFile);
        expect((await stat(cacheFile, { bigint: true })).ino).toBe(before.ino);
    });

    test('and changed since is found out, also with its old size and date', async () => {
        const cacheFile = join(folder, 'verified.json');
        const date = new Date(1.6e12);
        await utimes(join(image, 'vmlinux'), date, date);
        await verifyImage(image, cacheFile);
        await overwrite('vmlinux', 'VMLINUX');
        await utimes(join(image, 'vmlinux'), date, date);
        await expect(verifyImage(image, cacheFile)).rejects.toThrow('damaged vmlinux');
    });

    test('is hashed again when the memory of it cannot be read', async () => {
        const cacheFile = join(folder, 'verified.json');
        await writeFile(cacheFile, '{"broken');
        await expect(verifyImage(image, cacheFile)).resolves.toBeDefined();
    });
});
