/** Permissions are asked in a shell dialog; what it answers is what happens, now and after a restart. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../tools/desktop/wait.js';
import { TestDesktop, endDeadline } from '../support/desktop.js';

const desktop = new TestDesktop(import.meta.url);
/** A terminal that goes fullscreen with F11 and shows as its title what a pasted command sets. */
const app = 'probe';
const command = ['foot', '--override=key-bindings.fullscreen=F11'];

beforeAll(async () => {
    await desktop.session.start();
    await desktop.addApp(app, { name: 'Probe', command });
    await desktop.started(app);
});
afterAll(() => desktop.session.stop());

const isFullscreen = () => desktop.inWindow<boolean>(app, 'return window.is_fullscreen();');
async function askFullscreen() {
    await desktop.focused(app);
    await desktop.hands.keys('F11');
}

describe('going fullscreen', () => {
    beforeEach(async () => {
        if (await isFullscreen()) {
            await desktop.hands.keys('F11');
            await desktop.shell.until(
                'fullscreen to end',
                `return global.get_window_actors().every(a => !a.meta_window.is_fullscreen());`
            );
        }
    });

    test('asks first, and Deny (Escape) leaves the window as it is', async () => {
        await askFullscreen();
        await desktop.prompt.shown();
        await desktop.picture('fullscreen');
        expect(await isFullscreen()).toBe(false);
        await desktop.prompt.escape();
        await desktop.shell.settled();
        expect(await isFullscreen()).toBe(false);
    });

    test('Enter before the buttons are armed grants nothing', async () => {
        await askFullscreen();
        await desktop.prompt.shown();
        await desktop.hands.keys('Return');
        await desktop.shell.settled();
        expect(await isFullscreen()).toBe(false);
        if (await desktop.prompt.isShown()) await desktop.prompt.escape();
    });

    test('a click on Allow before it is armed grants nothing', async () => {
        await askFullscreen();
        await desktop.shell.eval(`
            const find = (actor, name) => (actor.name === name && actor.mapped ? [actor] : actor.get_children().flatMap(c => find(c, name)));
            const pause = ms => new Promise(resolve => GLib.timeout_add(GLib.PRIORITY_DEFAULT, ms, () => { resolve(); return false; }));
            let allow;
            for (let i = 0; i < 750 && !(allow = find(global.stage, 'bulkhead-allow')[0]); i++) await pause(20);
            await pause(300);
            const [x, y] = allow.get_transformed_position();
            const { pointer } = globalThis.bulkheadHands;
            pointer.notify_absolute_motion(GLib.get_monotonic_time(), x + allow.width / 2, y + allow.height / 2);
            await pause(30);
            for (const state of [Clutter.ButtonState.PRESSED, Clutter.ButtonState.RELEASED]) {
                pointer.notify_button(GLib.get_monotonic_time(), Clutter.BUTTON_PRIMARY, state);
                await pause(30);
            }`);
        await desktop.shell.settled();
        expect(await desktop.prompt.isShown()).toBe(true);
        expect(await isFullscreen()).toBe(false);
        await desktop.prompt.escape();
    });

    test('Allow Once allows once, and the next time asks again', async () => {
        await askFullscreen();
        await desktop.prompt.shown();
        await desktop.prompt.answer('once');
        await until('fullscreen', isFullscreen, endDeadline);
        await desktop.hands.keys('F11');
        await until('fullscreen to end', async () => !(await isFullscreen()), endDeadline);
        await askFullscreen();
        await desktop.prompt.shown();
        await desktop.prompt.escape();
    });
});

describe('a remembered answer', () => {
    test('“always” is in the PermissionStore and is honoured by the next daemon', async () => {
        await askFullscreen();
        await desktop.prompt.shown();
        await desktop.picture('always');
        await desktop.prompt.answer('always');
        await until('fullscreen', isFullscreen, endDeadline);
        await desktop.hands.keys('F11');
        await until('fullscreen to end', async () => !(await isFullscreen()), endDeadline);

        const [stored] = await desktop.session.call(
            'org.freedesktop.impl.portal.PermissionStore',
            '/org/freedesktop/impl/portal/PermissionStore',
            'org.freedesktop.impl.portal.PermissionStore',
            'GetPermission',
            'sss',
            ['bulkhead', 'fullscreen', app]
        );
        expect(stored).toEqual(['allow']);

        await desktop.killDaemon();
        await until('the next daemon to find the instance', () => desktop.manager.instance(app));
        await askFullscreen();
        await until('fullscreen without a question', isFullscreen, endDeadline);
        expect(await desktop.prompt.isShown()).toBe(false);
        await desktop.hands.keys('F11');
    });
});

describe('pasting', () => {
    const hostText = (text: string) =>
        desktop.shell.eval(
            `St.Clipboard.get_default().set_text(St.ClipboardType.CLIPBOARD, ${JSON.stringify(text)});`
        );
    /** foot shows the title that the shell in it sets: pasted text becomes visible to the test as a command that sets it. */
    const paste = async () => {
        await desktop.focused(app);
        await desktop.hands.keys('Control_L', 'Shift_L', 'v');
    };
    const title = async () => (await desktop.window(app)).title;

    test('Deny pastes nothing: of two pastes, the allowed one is the only one that ran', async () => {
        await hostText(`n=$((n+1)); printf '\\033]0;pasted-%s\\007' $n\n`);
        await paste();
        await desktop.prompt.shown();
        await desktop.picture('paste');
        await desktop.prompt.escape();
        await paste();
        await desktop.prompt.shown();
        await desktop.prompt.answer('once');
        await until(
            'the pasted command to run',
            async () => /^pasted-/.test((await title()) ?? ''),
            endDeadline
        );
        await desktop.shell.settled();
        expect(await title()).toBe('pasted-1');
    });

    test('Allow Once pastes it', async () => {
        await hostText(`printf '\\033]0;allowed-paste\\007'\n`);
        await paste();
        await desktop.prompt.shown();
        await desktop.prompt.answer('once');
        await until(
            'the pasted command to run',
            async () => (await title()) === 'allowed-paste',
            endDeadline
        );
    });
});
