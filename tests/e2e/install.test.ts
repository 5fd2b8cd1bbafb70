/** An installation for a fresh user works, and its undoing takes away every trace of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installFor } from '../../tools/install/install.js';
import { busName } from '../../tools/install/layout.js';
import { uninstallFor } from '../../tools/install/uninstall.js';
import { ManagerClient } from '../../tools/desktop/manager.js';
import { imageVariable, mounts } from '../../tools/desktop/mounts.js';
import { DesktopSession } from '../../tools/desktop/session.js';
import { until } from '../../tools/desktop/wait.js';
import { runCli } from '../support/cli.js';
import { startDeadline } from '../support/desktop.js';
import { listing, processes } from '../support/processes.js';

/** Not /home/user: the guest image is mounted in there, which no fresh user has. */
const home = '/home/fresh';
process.env.HOME = home;
// The bus would look for services in the home that /etc/passwd names.
process.env.XDG_DATA_HOME = join(home, '.local/share');

const session = new DesktopSession({ logs: join(mounts.out, 'logs/install'), extension: false });
const manager = new ManagerClient(session);

beforeAll(async () => {
    await mkdir(home);
    await session.start();
});
afterAll(() => session.stop());

test('a fresh user installs, starts an app, uninstalls, and has the home of before', async () => {
    // What a shell writes when it starts for the second time (caches, its history) is there before and after.
    await session.restartShell();
    const before = await listing(home);
    const processesBefore = ours();

    await installFor({
        home,
        env: session.env,
        distDir: `${mounts.checkout}/dist`,
        nodeModulesDir: `${mounts.checkout}/node_modules`,
        imageDir: join(mounts.images, process.env[imageVariable]!),
        apps: ['terminal', 'editor'],
    });
    await session.restartShell();
    await session.extensionEnabled();
    await session.hands.closeActivities();
    expect(await runCli(session, 'launch', 'terminal')).toEqual({
        status: 0,
        stdout: 'Terminal is running.',
        stderr: '',
    });
    await until(
        'the first frame',
        async () => (await manager.instance('terminal'))?.timing.frame,
        startDeadline
    );
    expect((await listing(home)).length).toBeGreaterThan(before.length);

    await uninstallFor({ home, env: session.env });
    expect(await listing(home)).toEqual(before);
    await expectNothingOnTheMachine(processesBefore);
});

/** Commands of what may be of an installation. The root that all this runs in is among them, before and after. */
const ours = () =>
    processes()
        .map(({ command }) => command)
        .filter(command => /bulkhead|qemu|waypipe|vhost-device/.test(command));

async function expectNothingOnTheMachine(before: string[]) {
    await until(
        'the extension to leave the bus',
        async () => !(await session.nameHasOwner('org.bulkhead.Shell1'))
    );
    expect(await session.nameHasOwner(busName)).toBe(false);
    expect(ours()).toEqual(before);
    const runtime = session.env.XDG_RUNTIME_DIR!;
    expect(await listing(runtime)).not.toContain(join(runtime, 'bulkhead'));
    const windows = await session.shell.windows();
    expect(windows.filter(({ sandboxId }) => sandboxId)).toEqual([]);
    await expect(readFile(join(home, '.config/dconf/user'), 'latin1')).resolves.not.toContain('bulkhead@');
}
