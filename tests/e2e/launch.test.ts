/** From Activities to a framed window, and from its closing to nothing left. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../tools/desktop/wait.js';
import { TestDesktop, startDeadline } from '../support/desktop.js';
import { boundSockets, isAlive, listing, mountPoints, processes } from '../support/processes.js';

const desktop = new TestDesktop(import.meta.url);
const personal = '#2ec27e';
const untrustedDomain = '#e66100';

/** In every pattern one row of pixels along each side holds the colour throughout; antialiasing may take an end. */
const mostOf = 0.9;

const sides = ['top', 'right', 'bottom', 'left'] as const;

beforeAll(() => desktop.session.start());
afterAll(() => desktop.session.stop());

describe('an app started by typing its name in Activities and Enter', () => {
    test('shows a window that runs in a VM of its own', async () => {
        await desktop.hands.launch('Text Editor');
        const instance = await desktop.shown('editor');
        expect(instance.state).toBe('running');
        expect(Object.keys(instance.processes).sort()).toEqual(['proxy', 'vmm', 'vsock', 'waypipe']);
        const { pid, app } = await desktop.window('editor');
        expect(pid).toBe(instance.processes.proxy);
        expect(app).toBe('org.bulkhead.Instance.editor.desktop');
    });

    test('is framed in the exact colour of its domain on all four sides', async () => {
        const { frame } = await desktop.focused('editor');
        const shares = (await desktop.picture('framed')).frameShares(personal, frame);
        for (const side of sides) expect([side, shares[side] > mostOf]).toEqual([side, true]);
    });

    test('draws nothing outside its frame, not even its shadow', async () => {
        const [x, y, width, height] = (await desktop.focused('editor')).frame;
        const picture = await desktop.picture('outside');
        const wallpaper = 20;
        for (const beside of [x - 9, x + width + 8]) {
            for (let row = y + 40; row < y + height; row += 60) {
                expect([beside, row, picture.colour(beside, row)]).toEqual([
                    beside,
                    row,
                    picture.colour(wallpaper, row),
                ]);
            }
        }
    });

    test('is still framed after it was moved', async () => {
        await desktop.inWindow('editor', 'window.move_frame(true, 200, 120);');
        const { frame } = await desktop.window('editor');
        expect(frame.slice(0, 2)).toEqual([200, 120]);
        const shares = (await desktop.picture('moved')).frameShares(personal, frame);
        for (const side of sides) expect([side, shares[side] > mostOf]).toEqual([side, true]);
    });

    test('is framed inside its edges while maximized', async () => {
        await desktop.inWindow('editor', 'window.maximize(Meta.MaximizeFlags?.BOTH ?? 3);');
        await desktop.shell.until(
            'the window to fill the work area',
            `return global.get_window_actors().some(a => a.meta_window.get_frame_rect().width === 1280);`
        );
        const { frame } = await desktop.window('editor');
        const shares = (await desktop.picture('maximized')).frameShares(personal, frame, 'inside');
        for (const side of sides) expect([side, shares[side] > mostOf]).toEqual([side, true]);
        await desktop.inWindow('editor', 'window.unmaximize(Meta.MaximizeFlags?.BOTH ?? 3);');
        await desktop.shell.until(
            'the window to be small again',
            `return global.get_window_actors().every(a => a.meta_window.get_frame_rect().width < 1280);`
        );
    });

    test('is framed in the overview', async () => {
        await desktop.hands.openActivities();
        const picture = await desktop.picture('overview');
        const preview = await desktop.shell.eval<[number, number, number, number]>(`
            const find = actor => (actor.window_container && actor.mapped ? [actor] : actor.get_children().flatMap(find));
            const shown = find(global.stage)[0].window_container;
            return [...shown.get_transformed_position(), ...shown.get_transformed_size()].map(Math.round);`);
        await desktop.hands.closeActivities();
        const shares = picture.frameShares(personal, preview);
        // The label and the app's icon lie over the middle of the upper and the lower side.
        for (const side of sides) expect([side, shares[side] > 0.6]).toEqual([side, true]);
    });

    test('is framed in alt-tab', async () => {
        await desktop.focused('editor');
        await desktop.shell.eval(`
            const {default: AltTab, WindowSwitcherPopup} = await import('resource:///org/gnome/shell/ui/altTab.js');
            globalThis.testSwitcher = new WindowSwitcherPopup();
            globalThis.testSwitcher.show(false, 'switch-windows', 0);
            globalThis.testSwitcher._showImmediately?.();
            // Without a modifier it would finish by itself after 1.5 s.
            GLib.source_remove(globalThis.testSwitcher._noModsTimeoutId);
            globalThis.testSwitcher._noModsTimeoutId = 0;`);
        const list = await desktop.shell.until<[number, number, number, number]>(
            'the window switcher',
            `const list = globalThis.testSwitcher._switcherList;
             if (!list?.mapped || !globalThis.testSwitcher.opacity) return null;
             return [...list.get_transformed_position(), list.width, list.height];`
        );
        const picture = await desktop.picture('alt-tab');
        await desktop.shell.eval('globalThis.testSwitcher.destroy();');
        const [x, y, width, height] = list.map(Math.round) as [number, number, number, number];
        const rows = Array.from({ length: height }, (_, j) => picture.count(personal, [x, y + j, width, 1]));
        // A row of the frame; one of the icon's badge has 14.
        expect(Math.max(...rows)).toBeGreaterThan(width / 2);
    });

    test('has its menus and popovers framed too', async () => {
        await desktop.focused('editor');
        await desktop.hands.keys('F10');
        const popup = await until('the menu', async () =>
            (await desktop.windowsOf('editor')).find(({ type }) => type !== 0)
        );
        const picture = await desktop.picture('popover');
        await desktop.hands.keys('Escape');
        const shares = picture.frameShares(personal, popup.frame);
        for (const side of sides) expect([side, shares[side] > 0.7]).toEqual([side, true]);
    });
});

describe('windows of other origin', () => {
    test('two domains are told apart by their colours', async () => {
        await desktop.started('terminal');
        const { frame } = await desktop.focused('terminal');
        const picture = await desktop.picture('two-domains');
        const own = picture.frameShares(untrustedDomain, frame);
        const other = picture.frameShares(personal, frame);
        for (const side of sides) {
            expect([side, own[side] > mostOf]).toEqual([side, true]);
            expect([side, other[side] > mostOf]).toEqual([side, false]);
        }
    });

    test('a host window is not framed', async () => {
        const host = desktop.session.spawn('foot', ['--title=host'], 'host-foot');
        await desktop.shell.until(
            'the host window',
            `return global.get_window_actors().some(a => a.meta_window.get_title() === 'host');`
        );
        const marked = await desktop.shell.eval<boolean>(`
            const actor = global.get_window_actors().find(a => a.meta_window.get_title() === 'host');
            return actor.get_children().some(child => child.name === 'bulkhead-frame');`);
        await desktop.picture('host-window');
        host.kill('SIGKILL');
        expect(marked).toBe(false);
    });

    test('a window that borrows the sandbox id of an instance is marked as unverified', async () => {
        const home = desktop.session.env.HOME!;
        const info = join(home, 'flatpak-info');
        await writeFile(info, '[Application]\nname=org.bulkhead.Instance.editor\n');
        const links = ['bin', 'lib', 'lib64'].flatMap(name => ['--symlink', `usr/${name}`, `/${name}`]);
        const shared = ['/usr', '/etc', '/proc', '/run'].flatMap(path => ['--ro-bind', path, path]);
        const root = [
            ...shared,
            ...links,
            '--dev',
            '/dev',
            '--tmpfs',
            '/tmp',
            '--ro-bind',
            info,
            '/.flatpak-info',
        ];
        const impostor = desktop.session.spawn(
            'bwrap',
            [...root, '--die-with-parent', 'foot', '--title=impostor'],
            'impostor'
        );
        const find = `global.get_window_actors().find(a => a.visible && a.meta_window.get_title() === 'impostor')`;
        await desktop.shell.until('the impostor', `return ${find} !== undefined;`);
        await desktop.picture('unverified');
        const mark = await desktop.shell.eval<string>(`
            const frame = ${find}.get_children().at(-1);
            return frame.name + ' ' + frame.style_class;`);
        impostor.kill('SIGKILL');
        expect(mark).toMatch(/^bulkhead-frame .*bulkhead-unverified/);
    });

    test('a guest that claims org.gnome.Settings as app_id gets neither its name nor its icon', async () => {
        await desktop.addApp('liar', {
            name: 'Liar',
            command: ['foot', '--app-id=org.gnome.Settings', '--title=Settings'],
        });
        await desktop.started('liar');
        const window = await desktop.window('liar');
        expect(window.wmClass).toBe('org.bulkhead.Instance.liar');
        expect(window.app).toBe('org.bulkhead.Instance.liar.desktop');
        expect(window.appName).not.toMatch(/Settings/);
    });

    test('a second start of a running app opens a window in the same VM', async () => {
        const before = await desktop.manager.instance('liar');
        await desktop.manager.launch('liar');
        await until(
            'the second window',
            async () => (await desktop.windowsOf('liar')).filter(({ type }) => type === 0).length === 2,
            startDeadline
        );
        expect((await desktop.manager.instance('liar'))!.processes).toEqual(before!.processes);
    });
});

describe('closing an app', () => {
    test('ends its VM and helpers and leaves no process, socket, mount or file', async () => {
        const runtime = join(desktop.session.env.XDG_RUNTIME_DIR!, 'bulkhead');
        const mountsBefore = await mountPoints();
        const apps = ['editor', 'terminal', 'liar'];
        const instances = await Promise.all(apps.map(app => desktop.manager.instance(app)));
        for (const app of apps) {
            await desktop.shell.eval(`for (const actor of global.get_window_actors())
                if (actor.meta_window.get_sandboxed_app_id() === 'org.bulkhead.Instance.${app}' && actor.meta_window.get_window_type() === 0)
                    actor.meta_window.delete(global.get_current_time());`);
        }
        for (const app of apps) await desktop.ended(app);

        expect(await desktop.manager.instances()).toEqual([]);
        for (const instance of instances) {
            for (const [role, pid] of Object.entries(instance!.processes))
                expect([role, isAlive(pid)]).toEqual([role, false]);
        }
        expect(
            processes().filter(({ command }) => /qemu|vhost-device|waypipe|wayland-proxy/.test(command))
        ).toEqual([]);
        expect((await listing(runtime)).filter(path => /editor|terminal|liar/.test(path))).toEqual([]);
        expect((await boundSockets()).filter(path => /bulkhead\/(editor|terminal|liar)/.test(path))).toEqual(
            []
        );
        expect(await mountPoints()).toEqual(mountsBefore);
    });
});
