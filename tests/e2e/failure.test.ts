/** What dies, and what must follow (DESIGN.md, fail closed). Every death here is a SIGKILL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { until } from '../../tools/desktop/wait.js';
import { TestDesktop, endDeadline } from '../support/desktop.js';
import { isAlive, listing } from '../support/processes.js';

const desktop = new TestDesktop(import.meta.url);
const app = 'terminal';
const uuid = 'bulkhead@bulkhead.org';

beforeAll(() => desktop.session.start());
afterAll(() => desktop.session.stop());

const instanceFolder = () => join(desktop.session.env.XDG_RUNTIME_DIR!, 'bulkhead', app);

/** Resolves when no process, file and window of the instance is left. */
const gone = (processes: Record<string, number>) =>
    until(
        `everything of ${app} to be gone`,
        async () =>
            Object.values(processes).every(pid => !isAlive(pid)) &&
            (await listing(instanceFolder())).length === 0 &&
            (await desktop.windowsOf(app)).length === 0,
        endDeadline
    );

async function killAndExpectEnd(role: string) {
    const { processes } = await desktop.started(app);
    process.kill(processes[role]!, 'SIGKILL');
    await gone(processes);
    await desktop.ended(app);
    const instance = await desktop.manager.instance(app);
    expect(instance?.state).toBe('failed');
    expect(instance?.reason).not.toBe('');
}

describe('a killed process takes its whole instance with it', () => {
    for (const role of ['vmm', 'proxy', 'vsock', 'waypipe'])
        test(`the ${role}`, () => killAndExpectEnd(role));
});

describe('a killed daemon', () => {
    test('leaves its instance running and marked, and the next daemon finds it and can stop it', async () => {
        const before = await desktop.started(app);
        await desktop.killDaemon();
        for (const [role, pid] of Object.entries(before.processes))
            expect([role, isAlive(pid)]).toEqual([role, true]);
        expect(await framed()).toBe(true);

        const found = await until('the next daemon to find the instance', () =>
            desktop.manager.instance(app)
        );
        expect(found.processes).toEqual(before.processes);
        expect(found.state).toBe('running');
        await desktop.manager.stop(found.path);
        for (const [role, pid] of Object.entries(before.processes))
            expect([role, isAlive(pid)]).toEqual([role, false]);
    });

    test('and a VMM that dies meanwhile: the next daemon ends what is left', async () => {
        const { processes } = await desktop.started(app);
        // Both at once: no daemon may see the VMM go.
        await desktop.killDaemon(processes.vmm!);
        await desktop.manager.instances();
        await gone(processes);
    });
});

const framed = () =>
    desktop.inWindow<boolean>(app, `return actor.get_children().at(-1).name === 'bulkhead-frame';`);

const normalWindows = async () => (await desktop.windowsOf(app)).filter(({ type }) => type === 0).length;

describe('without the extension', () => {
    const setExtension = async (enabled: boolean) => {
        await desktop.shell.eval(
            `Main.extensionManager.${enabled ? 'enableExtension' : 'disableExtension'}('${uuid}');`
        );
        await desktop.shell.until(
            `the extension to be ${enabled ? 'on' : 'off'}`,
            `return Main.extensionManager.lookup('${uuid}').state === ${enabled ? 1 : 2};`
        );
    };

    test('no new window of a running guest maps until the extension is back, and then it is framed', async () => {
        await desktop.started(app);
        await setExtension(false);
        await desktop.manager.launch(app).catch(() => undefined);
        // What must not happen needs a span in which it could have: a guest that runs already opens a window in under 3 s.
        await new Promise(resolve => setTimeout(resolve, 8000));
        expect(await normalWindows()).toBe(1);
        await setExtension(true);
        await until('the held window', async () => (await normalWindows()) === 2, endDeadline);
        const marks = await desktop.shell.eval<boolean[]>(`
                return global.get_window_actors().filter(a => a.meta_window.get_sandboxed_app_id())
                    .map(a => a.get_children().at(-1).name === 'bulkhead-frame');`);
        expect(marks).toEqual([true, true]);
    });

    test('typed text does not reach the guest once the grace is over', async () => {
        await desktop.focused(app);
        await setExtension(false);
        await new Promise(resolve => setTimeout(resolve, 3000));
        const before = await desktop.picture('frozen-before');
        await desktop.hands.type('echo leak');
        const after = await desktop.picture('frozen-after');
        await setExtension(true);
        const { frame } = await desktop.window(app);
        const [x, y, width, height] = frame;
        const differs = [];
        for (let j = y; j < y + height; j += 2) {
            for (let i = x; i < x + width; i += 2)
                if (before.colour(i, j) !== after.colour(i, j)) differs.push([i, j]);
        }
        expect(differs).toEqual([]);
    });

    test('disabling leaves no actor, signal handler or clip behind', async () => {
        await setExtension(true);
        const count = `
            const names = [];
            const walk = actor => { if (actor.name?.startsWith('bulkhead')) names.push(actor.name); actor.get_children().forEach(walk); };
            walk(global.stage);
            return {names, clips: global.get_window_actors().flatMap(a => a.get_children()).filter(c => c.has_clip).length,
                indicators: Main.panel.statusArea.quickSettings._indicators.get_n_children()};`;
        type Count = { names: string[]; clips: number; indicators: number };
        expect((await desktop.shell.eval<Count>(count)).names.length).toBeGreaterThan(0);
        await setExtension(false);
        const off = await desktop.shell.eval<Count>(count);
        expect(off.names).toEqual([]);
        expect(off.clips).toBe(0);
        await setExtension(true);
        await setExtension(false);
        expect((await desktop.shell.eval<Count>(count)).indicators).toBe(off.indicators);
        await setExtension(true);
    });
});
