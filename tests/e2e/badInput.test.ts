/** What a person gets for files that are missing, broken or left over: one sentence that says what to do, and no other app suffers. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { extensionUuid } from '../../tools/install/layout.js';
import { until } from '../../tools/desktop/wait.js';
import { runCli } from '../support/cli.js';
import { TestDesktop } from '../support/desktop.js';
import { boundSockets, listing, processes } from '../support/processes.js';

const desktop = new TestDesktop(import.meta.url);
const { session, manager } = desktop;
const data = join(session.env.HOME!, '.local/share/bulkhead');
const runtime = join(session.env.XDG_RUNTIME_DIR!, 'bulkhead');
const cli = (...args: string[]) => runCli(session, ...args);

/** The app that runs through all of this, and must not notice. */
const bystander = 'terminal';
let processesBefore: Record<string, number> = {};

beforeAll(async () => {
    await session.start();
    await desktop.hands.closeActivities();
});
afterAll(() => session.stop());

/** Nothing of `app` is left: no process, no file, no window. */
async function expectNothingOf(app: string) {
    expect(processes().filter(({ command }) => command.includes(`${runtime}/${app}/`))).toEqual([]);
    expect(await listing(join(runtime, app))).toEqual([]);
    expect(await desktop.windowsOf(app)).toEqual([]);
}

/** `bulkhead launch` refuses with this one sentence. */
async function expectRefusal(app: string, sentence: string) {
    expect(await cli('launch', app)).toEqual({ status: 1, stdout: '', stderr: `bulkhead: ${sentence}` });
    await expectNothingOf(app);
}

/** Ids of the apps that `bulkhead apps` lists. */
const listed = async () =>
    (await cli('apps')).stdout
        .split('\n')
        .slice(1)
        .map(line => line.split(' ')[0]);

const notifications = () =>
    desktop.shell.eval<string[][]>(`
        return Main.messageTray.getSources().flatMap(source => source.notifications).map(n => [n.title, n.body]);`);

describe('what a crash left behind', () => {
    test('is recognised and removed, and the app starts over it', async () => {
        await desktop.killDaemon();
        for (const app of [bystander, 'editor']) await leaveBehind(join(runtime, app));

        const { status, stdout, stderr } = await cli('launch', bystander);
        expect([status, stdout, stderr]).toEqual([0, 'Terminal is running.', '']);
        processesBefore = (await desktop.shown(bystander)).processes;
        await expectNothingOf('editor');
        expect(await listing(join(runtime, bystander))).not.toContain(join(runtime, bystander, 'old'));
    });

    /** A record cut short, a file, and a socket that nothing listens on any more. */
    async function leaveBehind(folder: string) {
        const socket = join(folder, 'wayland/socket');
        await mkdir(dirname(socket), { recursive: true, mode: 0o700 });
        await writeFile(join(folder, 'instance.json'), '{"format":1,"spec":{"id":');
        await writeFile(join(folder, 'old'), '');
        const listenAndDie = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
        await execa('node', ['-e', listenAndDie, socket], { reject: false });
        expect(await listing(folder)).toContain(socket);
        expect(await boundSockets()).not.toContain(socket);
    }
});

describe('while another app runs', () => {
    afterEach(async () => {
        const instance = await manager.instance(bystander);
        expect([instance?.state, instance?.processes]).toEqual(['running', processesBefore]);
    });

    test('a missing image is named, with the command that makes it', async () => {
        const image = '0'.repeat(64);
        await desktop.addApp('homeless', { image });
        await expectRefusal(
            'homeless',
            `The guest image ${data}/images/${image} has no image.json: run "npm run install:user" to make it again.`
        );
    });

    test('an image with one flipped byte is refused by name, and boots nothing', async () => {
        const image = await makeDamagedImage();
        await desktop.addApp('damaged', { image });
        const sentence = `The guest image ${data}/images/${image} has a damaged base.erofs: run "npm run install:user" to make it again.`;
        await expectRefusal('damaged', sentence);
        expect(await cli('image', 'verify')).toMatchObject({ status: 1, stderr: `bulkhead: ${sentence}` });
        await rm(join(data, 'images', image), { recursive: true });
    });

    test('a manifest with an unknown key is named with file, key and remedy, and the other apps go on', async () => {
        await desktop.addApp('misspelt', {});
        const path = join(data, 'apps/misspelt/manifest.json');
        const manifest = JSON.parse(await readFile(path, 'utf8'));
        await writeFile(path, JSON.stringify({ ...manifest, memmoryMiB: 256 }));
        await until('the daemon to refuse the manifest', async () => !(await listed()).includes('misspelt'));
        await expectRefusal(
            'misspelt',
            `${path}: unknown key "memmoryMiB": remove it or correct its spelling.`
        );
        expect(await listed()).toEqual(expect.arrayContaining([bystander, 'editor']));
    });

    test('a start that is refused is told in a notification, as who clicked an icon has no terminal', async () => {
        const { stderr } = await cli('launch', 'misspelt');
        const body = stderr.replace('bulkhead: ', '');
        expect(await notifications()).toContainEqual(['Could not start misspelt', body]);
    });

    test('a second daemon ends with status 3 and one sentence, and leaves the first alone', async () => {
        const first = await manager.pid();
        const { exitCode, stderr } = await execa('node', ['/srv/dist/bulkheadd.mjs'], {
            env: session.env as Record<string, string>,
            reject: false,
        });
        expect([exitCode, stderr]).toEqual([
            3,
            'bulkheadd: Another bulkheadd is running for this session: this one ends, that one goes on.',
        ]);
        expect(await manager.pid()).toBe(first);
    });

    describe('in a shell without the extension', () => {
        const setExtension = async (enabled: boolean) => {
            const method = enabled ? 'enableExtension' : 'disableExtension';
            await desktop.shell.eval(`Main.extensionManager.${method}('${extensionUuid}');`);
            await until(
                `the extension to be ${enabled ? 'on' : 'off'}`,
                async () => (await session.nameHasOwner('org.bulkhead.Shell1')) === enabled
            );
        };

        test('a start says what to enable, opens no window, and is told in a notification', async () => {
            await setExtension(false);
            await expectRefusal(
                'editor',
                'The Bulkhead shell extension is not running: enable it in the Extensions app.'
            );
            expect((await notifications()).map(([title]) => title)).toContain('Could not start editor');
            await setExtension(true);
        });
    });
});

test('an app that fails after its window was shown is told in a notification, which goes with the next start', async () => {
    const isTold = async () =>
        (await notifications()).some(([title]) => title === 'Terminal ended unexpectedly');
    process.kill(processesBefore.vmm!, 'SIGKILL');
    await until('the notification', isTold);
    await desktop.picture('ended');
    await manager.launch(bystander);
    await until('the notification to go', async () => !(await isTold()));
});

/** An image of small files, of which one has a byte other than its image.json says. Resolves with its id. */
async function makeDamagedImage() {
    const content = Buffer.alloc(4096, 1);
    const file = (name: string) => ({ name, size: content.length, sha256: sha256(content) });
    const names = ['vmlinux', 'initrd', 'base.erofs', 'terminal.erofs'];
    const [kernel, initrd, base, terminal] = names.map(file);
    const manifest = JSON.stringify({ format: 1, kernel, initrd, base, layers: { terminal } });
    const folder = join(data, 'images', sha256(manifest));
    await mkdir(folder);
    await writeFile(join(folder, 'image.json'), manifest);
    for (const name of names) await writeFile(join(folder, name), content);
    await flipByte(join(folder, 'base.erofs'));
    return sha256(manifest);
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

async function flipByte(path: string) {
    const file = await open(path, 'r+');
    await file.write(Buffer.from([2]), 0, 1, 1000);
    await file.close();
}
