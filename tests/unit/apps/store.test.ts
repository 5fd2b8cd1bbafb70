import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { resolveImage } from '../../../src/apps/image.js';
import { AppStore } from '../../../src/apps/store.js';
import { limits } from '../../../src/shared/limits.js';
import { image } from '../../support/image.js';

const manifest = {
    id: 'editor',
    name: 'Text Editor',
    icon: 'editor.svg',
    command: ['gnome-text-editor'],
    domain: 'personal',
    image: 'a'.repeat(64),
    layer: 'editor',
};

let folder: string;
let store: AppStore;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-apps-'));
    store = new AppStore(folder);
});
afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true });
});

async function put(id: string, content: unknown, icon = '<svg/>') {
    await mkdir(join(folder, id), { recursive: true });
    await writeFile(join(folder, id, 'editor.svg'), icon);
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(folder, id, 'manifest.json'), text);
}

describe('installed apps', () => {
    test('an app is read with its icon', async () => {
        await put('editor', manifest);
        await store.open();
        expect(store.problems).toEqual([]);
        expect(store.apps.get('editor')).toMatchObject({
            manifest: { name: 'Text Editor', cpus: 1 },
            icon: '<svg/>',
        });
    });

    test.each([
        [
            'an unknown key',
            { ...manifest, memory: 1 },
            /unknown key "memory": remove it or correct its spelling/,
        ],
        ['a wrong value', { ...manifest, cpus: 99 }, /"cpus" is wrong/],
        ['a missing key', { ...manifest, command: undefined }, /the key "command" is missing: add it/],
        ['an id that is not its folder', { ...manifest, id: 'other' }, /make them the same/],
        ['a name with direction overrides', { ...manifest, name: 'a\u202eb' }, /"name" is wrong/],
        ['an icon outside the folder', { ...manifest, icon: '../editor.svg' }, /"icon" is wrong/],
        ['broken JSON', '{', /is not valid JSON/],
        ['a huge file', ' '.repeat(limits.configBytes + 1), /is larger than 256 KiB/],
    ])('%s is one sentence that names the file, and the other apps go on', async (_, content, text) => {
        await put('bad', content);
        await put('editor', manifest);
        await store.open();
        expect([...store.apps.keys()]).toEqual(['editor']);
        expect(store.problems).toHaveLength(1);
        expect(store.problems[0]).toMatch(text);
        expect(store.problems[0]).toContain(join(folder, 'bad', 'manifest.json'));
    });

    test('an app without its icon is a problem', async () => {
        await put('editor', { ...manifest, icon: 'missing.svg' });
        await store.open();
        expect(store.problems[0]).toMatch(/the icon .*missing\.svg cannot be read/);
    });

    test('an app that is put there later is found', async () => {
        await store.open();
        const changed = once(store, 'changed', { signal: AbortSignal.timeout(5000) });
        await put('editor', manifest);
        await changed;
        expect([...store.apps.keys()]).toEqual(['editor']);
    });
});

describe('the image of an app', () => {
    const app = { ...manifest, keywords: [], environment: {}, memoryMiB: 512, cpus: 1 };

    test('its files are absolute paths in the verified folder', async () => {
        const seen: string[] = [];
        const paths = await resolveImage(app, '/images', async path => {
            seen.push(path);
            return image;
        });
        expect(seen).toEqual([`/images/${manifest.image}`]);
        expect(paths.layer).toBe(`/images/${manifest.image}/editor.erofs`);
    });

    test('a layer that the image lacks is one sentence, also for names that every object has', async () => {
        for (const layer of ['terminal', 'constructor']) {
            await expect(resolveImage({ ...app, layer }, '/images', async () => image)).rejects.toThrow(
                /needs the layer/
            );
        }
    });
});
