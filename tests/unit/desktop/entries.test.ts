import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appManifest } from '../../../src/apps/manifest.js';
import { type Entry, syncEntries } from '../../../src/desktop/entries.js';
import { defaultDomains } from '../../../src/domains/domain.js';

const domain = defaultDomains[0]!;
const app = appManifest.parse({
    id: 'editor',
    name: 'Text Editor',
    keywords: ['write'],
    icon: 'editor.svg',
    command: ['gnome-text-editor'],
    domain: domain.id,
    image: 'a'.repeat(64),
    layer: 'editor',
});
const entry: Entry = { instance: 'editor', app, icon: '<svg/>', domain };

let root: string;
let folders: { applications: string; icons: string };
beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bulkhead-entries-'));
    folders = { applications: join(root, 'applications'), icons: join(root, 'icons') };
});
afterEach(() => rm(root, { recursive: true }));

const sync = (entries: Entry[]) => syncEntries(entries, folders, ['/opt/node', '/opt/bulkhead.mjs']);
const file = 'org.bulkhead.Instance.editor.desktop';

describe('desktop entries', () => {
    test('an app gets one entry that launches it and can be found by its domain', async () => {
        await sync([entry]);
        expect(await readdir(folders.applications)).toEqual([file]);
        const text = await readFile(join(folders.applications, file), 'utf8');
        expect(text).toContain('\nName=Text Editor\n');
        expect(text).toContain('\nKeywords=write;Personal;\n');
        expect(text).toContain('\nExec="/opt/node" "/opt/bulkhead.mjs" "launch" "editor"\n');
        expect(text).toContain('\nX-Bulkhead-Instance=editor\n');
    });

    test('the icon is the one file that the entry names, in the colour of the domain', async () => {
        await sync([entry]);
        const other = { ...domain, colour: '#123456' };
        await sync([{ ...entry, domain: other }]);
        const icons = await readdir(folders.icons);
        expect(icons).toHaveLength(1);
        const text = await readFile(join(folders.applications, file), 'utf8');
        expect(text).toContain(`Icon=${join(folders.icons, icons[0]!)}\n`);
        expect(await readFile(join(folders.icons, icons[0]!), 'utf8')).toContain('#123456');
    });

    test('what is stale and ours goes, what is not ours stays, even with our prefix', async () => {
        await sync([entry]);
        const foreign = 'org.bulkhead.Instance.mine.desktop';
        await writeFile(join(folders.applications, foreign), '[Desktop Entry]\nName=Mine\n');
        await writeFile(join(folders.applications, 'firefox.desktop'), 'X-Bulkhead-Instance=no\n');
        await sync([]);
        expect((await readdir(folders.applications)).sort()).toEqual(['firefox.desktop', foreign]);
    });

    test('an icon cannot draw over the badge', async () => {
        await sync([{ ...entry, icon: '</svg><circle r="999"/>' }]);
        const [name] = await readdir(folders.icons);
        expect(await readFile(join(folders.icons, name!), 'utf8')).not.toContain('r="999"');
    });
});
