import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LayerError, writeBase, writeLayer } from '../../../src/images/layers.js';
import { matcher } from '../../../src/images/recipe.js';
import { readTar, recipe, temporary, writeTar, type Source } from './roots.js';

const directory = (name: string, mode = 0o755): Source => ({ name: `${name}/`, type: 'directory', mode });
const file = (name: string, content: string, mode = 0o644): Source => ({ name, type: 'file', mode, content });

const baseRoot: Source[] = [
    { name: '', type: 'directory' },
    directory('dev'),
    { name: 'dev/null', type: 'character-device', devmajor: 1, devminor: 3 },
    directory('usr'),
    directory('usr/bin'),
    file('usr/bin/su', 'su', 0o4755),
    file('usr/bin/tool', 'tool', 0o755),
    { name: 'usr/bin/alias', type: 'link', linkname: './usr/bin/tool' },
    { name: 'usr/bin/sh', type: 'symlink', linkname: 'tool' },
    directory('usr/share'),
    directory('usr/share/doc'),
    file('usr/share/doc/readme', 'words'),
];

let folder: string;
beforeEach(async () => {
    folder = await temporary();
});
afterEach(() => rm(folder, { recursive: true }));

const path = (name: string) => join(folder, name);

async function base(root = baseRoot) {
    await writeTar(path('base-root.tar'), root);
    return writeBase(path('base-root.tar'), path('base.tar'), recipe);
}

async function layer(root: Source[]) {
    const index = await base();
    await writeTar(path('app-root.tar'), root);
    await writeLayer(path('app-root.tar'), path('app.tar'), recipe, recipe.layers.app!, index);
    return readTar(path('app.tar'));
}

describe('the base layer', () => {
    test('has no program that runs as another user than who starts it', async () => {
        await base();
        const su = (await readTar(path('base.tar'))).get('usr/bin/su')!;
        expect(su.header.mode).toBe(0o755);
        expect(su.content).toBe('su');
    });

    test('lacks what is excluded, keeps the folder of an excluded content, and has the home', async () => {
        await base();
        const names = [...(await readTar(path('base.tar'))).keys()];
        expect(names).toContain('dev');
        expect(names).not.toContain('dev/null');
        expect(names).not.toContain('usr/share/doc');
        expect(names).toContain('home/user');
    });

    test('does not depend on the times of the packages', async () => {
        await writeTar(path('early.tar'), baseRoot, new Date(1e12));
        await writeTar(path('late.tar'), baseRoot, new Date(1.5e12));
        await writeBase(path('early.tar'), path('one'), recipe);
        await writeBase(path('late.tar'), path('two'), recipe);
        expect(await readFile(path('one'))).toEqual(await readFile(path('two')));
    });

    test('a device outside the excluded folders is refused', async () => {
        const device: Source = { name: 'usr/disk', type: 'block-device', devmajor: 8, devminor: 0 };
        await expect(base([...baseRoot, device])).rejects.toThrow('usr/disk');
    });
});

describe('an app layer', () => {
    test('holds what the base lacks or has differently, with its folders, and nothing else', async () => {
        const changed = baseRoot.map(source =>
            source.name === 'usr/bin/sh' ? { ...source, linkname: 'other' } : source
        );
        const found = await layer([...changed, directory('opt'), file('opt/app', 'app', 0o755)]);
        expect([...found.keys()].sort()).toEqual(
            ['etc/app.conf', 'opt', 'opt/app', 'usr', 'usr/bin', 'usr/bin/sh'].sort()
        );
        expect(found.get('opt/app')!.content).toBe('app');
        expect(found.get('etc/app.conf')!.content).toBe('ours\n');
    });

    test('a file with another mode is different', async () => {
        const changed = baseRoot.map(source =>
            source.name === 'usr/bin/tool' ? { ...source, mode: 0o700 } : source
        );
        expect((await layer(changed)).get('usr/bin/tool')!.header.mode).toBe(0o700);
    });

    test('a new hard link brings the file that it links to', async () => {
        const found = await layer([
            ...baseRoot,
            { name: 'usr/bin/new', type: 'link', linkname: './usr/bin/tool' },
        ]);
        expect(found.get('usr/bin/new')!.header.linkname).toBe('usr/bin/tool');
        expect(found.get('usr/bin/tool')!.content).toBe('tool');
    });

    test('an app root that lacks something of the base is an error', async () => {
        const lacking = baseRoot.filter(source => source.name !== 'usr/bin/sh');
        await expect(layer(lacking)).rejects.toThrow(LayerError);
    });
});

test('a glob names a path and all below it, and its star ends at a slash', () => {
    const matches = matcher(['usr/lib/*/perl*', 'tmp/*']);
    expect(matches('usr/lib/x86_64-linux-gnu/perl-base/File.pm')).toBe(true);
    expect(matches('usr/lib/perl5')).toBe(false);
    expect(matches('tmp')).toBe(false);
    expect(matches('tmp/x')).toBe(true);
    expect(matcher([])('anything')).toBe(false);
});
