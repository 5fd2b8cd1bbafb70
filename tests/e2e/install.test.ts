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

const session = new DesktopSession({ logs: join(mounts.out, 'logs/install'), extension: false });
const manager = new ManagerClient(session);

/**
 * What GNOME itself writes when a shell has run for a while and an app was started in it: whoever starts any app gets
 * these, Bulkhead or not.
 */
const writtenByGnome = [
    // How often each app is used; the shell saves it some time after a window was shown.
    '.local/share/gnome-shell/application_state',
    // Toolkit and driver caches, made when they are first needed.
    /^\.cache\/(mesa_shader_cache|fontconfig|gstreamer-1\.0)/,
];

beforeAll(async () => {
    await mkdir(home);
    await session.start();
});
afterAll(() => session.stop());

test('a fresh user installs, starts an app, uninstalls, and has the home of before', async () => {
    await session.restartShell();
    const before = await homeListing();

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
    expect((await homeListing()).length).toBeGreaterThan(before.length);

    await uninstallFor({ home, env: session.env });
    expect(await homeListing()).toEqual(before);
    await expectNothingOnTheMachine();
});

async function homeListing() {
    const paths = (await listing(home)).map(path => path.slice(home.length + 1));
    return paths.filter(
        path => !writtenByGnome.some(known => (known instanceof RegExp ? known.test(path) : known === path))
    );
}

async function expectNothingOnTheMachine() {
    await until(
        'the extension to leave the bus',
        async () => !(await session.nameHasOwner('org.bulkhead.Shell1'))
    );
    expect(await session.nameHasOwner(busName)).toBe(false);
    expect(processes().filter(({ command }) => /bulkhead|qemu|waypipe|vhost-device/.test(command))).toEqual(
        []
    );
    expect(await listing(join(session.env.XDG_RUNTIME_DIR!, 'bulkhead'))).toEqual([]);
    const windows = await session.shell.windows();
    expect(windows.filter(({ sandboxId }) => sandboxId)).toEqual([]);
    await expect(readFile(join(home, '.config/dconf/user'), 'latin1')).resolves.not.toContain('bulkhead@');
}
