import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AppStore } from '../../../src/apps/store.js';
import { syncEntries } from '../../../src/desktop/entries.js';
import { defaultDomains } from '../../../src/domains/domain.js';
import { installFor } from '../../../tools/install/install.js';
import { layout } from '../../../tools/install/layout.js';
import { busService, command, unit } from '../../../tools/install/serviceFiles.js';
import { uninstallFor } from '../../../tools/install/uninstall.js';

let root: string;
let home: string;
/** No session: neither a bus nor systemd, so that the test stays within its folder. */
const env = { PATH: '/usr/bin' };

const put = async (path: string, content = 'x') => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
};

/** Every path below the home, with kind, mode and content. */
async function listing(): Promise<string[]> {
    const paths = await readdir(home, { recursive: true });
    return Promise.all(
        paths.sort().map(async path => {
            const { mode } = await stat(join(home, path));
            const content = (mode & 0o170000) === 0o100000 ? await readFile(join(home, path), 'utf8') : '';
            return `${path} ${mode.toString(8)} ${content}`;
        })
    );
}

beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bulkhead-install-'));
    home = join(root, 'home');
    await mkdir(home);
    for (const name of ['bulkheadd', 'bulkhead', 'wayland-proxy']) await put(`dist/${name}.mjs`);
    await put('dist/extension/metadata.json', '{}');
    await put('node_modules/koffi/index.js');
    await put('node_modules/koffi/src/a.cc');
    await put('node_modules/@koromix/koffi-linux-x64/koffi.node');
    const file = (name: string) => ({ name, sha256: 'b'.repeat(64), size: 1 });
    const image = {
        format: 1,
        kernel: file('vmlinux'),
        initrd: file('initrd'),
        base: file('base.erofs'),
        layers: { editor: file('editor.erofs') },
    };
    for (const name of ['vmlinux', 'initrd', 'base.erofs', 'editor.erofs']) await put(`image/${name}`);
    await put('image/image.json', JSON.stringify(image));
});
afterEach(() => rm(root, { recursive: true }));

const install = () =>
    installFor({
        home,
        env,
        distDir: join(root, 'dist'),
        nodeModulesDir: join(root, 'node_modules'),
        imageDir: join(root, 'image'),
        apps: ['editor', 'terminal'],
        appsDir: 'apps',
    });

describe('install and uninstall', () => {
    test('uninstall takes every trace away, also what the daemon wrote, from an empty home', async () => {
        await install();
        const { paths, icons, verified } = layout(home, env);
        const store = new AppStore(paths.apps);
        await store.open();
        store.close();
        const entries = [...store.apps.values()].map(({ manifest, icon }) => ({
            instance: manifest.id,
            app: manifest,
            icon,
            domain: defaultDomains[0]!,
        }));
        expect(entries).toHaveLength(2);
        await syncEntries(entries, { applications: paths.applications, icons }, ['/node']);
        await writeFile(paths.auditLog, '');
        await writeFile(verified, '{}');
        await uninstallFor({ home, env });
        expect(await listing()).toEqual([]);
    });

    test('uninstall leaves a home as it was, with all that others have in the same folders', async () => {
        for (const path of [
            '.local/bin/other',
            '.local/share/applications/other.desktop',
            '.local/share/dbus-1/services/other.service',
            '.local/share/gnome-shell/extensions/other/metadata.json',
            '.cache/bulkhead/roots/what-npm-start-made',
            '.config/systemd/user/other.service',
        ])
            await put(`home/${path}`);
        const before = await listing();
        await install();
        expect(await listing()).not.toEqual(before);
        await uninstallFor({ home, env });
        expect(await listing()).toEqual(before);
    });

    test('the first apps can be read by the daemon, from the image that was installed', async () => {
        await install();
        const { paths } = layout(home, env);
        const store = new AppStore(paths.apps);
        await store.open();
        store.close();
        expect(store.problems).toEqual([]);
        const id = createHash('sha256')
            .update(await readFile(join(root, 'image/image.json')))
            .digest('hex');
        expect([...store.apps.values()].map(({ manifest }) => manifest.image)).toEqual([id, id]);
        expect((await readdir(join(paths.images, id))).sort()).toEqual(
            ['base.erofs', 'editor.erofs', 'image.json', 'initrd', 'vmlinux'].sort()
        );
    });

    test("a second installation keeps the person's domains and replaces the program", async () => {
        await install();
        const { paths, program } = layout(home, env);
        await writeFile(paths.domains, 'mine');
        await put('dist/bulkhead.mjs', 'new');
        await install();
        expect(await readFile(paths.domains, 'utf8')).toBe('mine');
        expect(await readFile(join(program, 'bulkhead.mjs'), 'utf8')).toBe('new');
        expect(await readdir(join(program, 'node_modules/koffi'))).not.toContain('a.cc');
        await uninstallFor({ home, env });
        expect(await listing()).toEqual([]);
    });

    test('a missing image is one sentence, and says what to do', async () => {
        await rm(join(root, 'image/image.json'));
        await expect(install()).rejects.toThrow(/There is no guest image in .*: build it first/);
    });
});

describe('the files that start programs', () => {
    const hostile = ['/a b/node', '/x"y\\z$(w)\'%'];

    test('keep each argument whole', () => {
        expect(busService(hostile, false)).toContain('Exec="/a b/node" "/x\\"y\\\\z$(w)\'%"\n');
        expect(unit(hostile)).toContain('ExecStart="/a b/node" "/x\\"y\\\\z$$(w)\'%%"\n');
        expect(command(hostile)).toContain(`exec '/a b/node' '/x"y\\z$(w)'\\''%' "$@"\n`);
    });

    test('the daemon leaves its instances alone when systemd ends it', () => {
        expect(unit(['/n'])).toContain('\nKillMode=process\n');
    });

    test('systemd starts the daemon only where there is one', () => {
        expect(busService(['/n'], true)).toContain('SystemdService=bulkheadd.service');
        expect(busService(['/n'], false)).not.toContain('Systemd');
    });
});
