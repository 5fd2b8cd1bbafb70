/** What dies, and what must follow (DESIGN.md, fail closed). Every death here is a SIGKILL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { limits } from '../../src/shared/limits.js';
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
            return global.get_window_actors().filter(a => a.visible && a.meta_window.get_sandboxed_app_id())
                .map(a => a.get_children().at(-1).name === 'bulkhead-frame');`);
        expect(marks).toEqual([true, true]);
    });

    test('typed text does not reach the guest once the grace is over', async () => {
        await desktop.focused(app);
        await setExtension(false);
        // The proxy freezes when the grace is over: nothing tells that it has.
        await new Promise(resolve => setTimeout(resolve, limits.shellGrace + 1000));
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

    test('disabling leaves no actor, signal handler, source or clip behind', async () => {
        await setExtension(false);
        const without = await footprint();
        expect(without.clips).toBe(0);
        for (let cycle = 0; cycle < cycles; cycle++) {
            await setExtension(true);
            await desktop.shell.until('the frames', `return ${framesOnStage} >= 2;`);
            const enabled = await footprint();
            expect(enabled.actors).toBeGreaterThan(without.actors);
            expect(enabled.override).not.toBe(without.override);
            await setExtension(false);
        }
        const { sources, ...rest } = await footprint();
        const { sources: sourcesWithout, ...restWithout } = without;
        expect(rest).toEqual(restWithout);
        // The shell's own timers come and go, one or two at a time; what we leave, we leave each time.
        expect(sources).toBeLessThan(sourcesWithout + cycles);
        await setExtension(true);
    });
});

/** How often the extension is enabled and disabled. */
const cycles = 3;

const framesOnStage = `(function count(actor) {
    return (actor.name === 'bulkhead-frame' ? 1 : 0) + actor.get_children().reduce((sum, child) => sum + count(child), 0);
})(global.stage)`;

interface Footprint {
    actors: number;
    handlers: Record<string, number>;
    sources: number;
    /** Handlers at the shell's own emitters, which GObject does not know of. */
    emitters: number[];
    /** The method that the preview labels override. */
    override: string;
    clips: number;
}

/** What the shell holds now: ids of handlers and sources only grow, so each can be asked whether it is still there. */
const footprint = async () => {
    await desktop.shell.settled();
    return desktop.shell.eval<Footprint>(`
        const {default: GObject} = await import('gi://GObject');
        const count = actor => 1 + actor.get_children().reduce((sum, child) => sum + count(child), 0);
        const last = object => { const id = object.connect('notify', () => {}); object.disconnect(id); return id; };
        const lastHandler = last(global.stage);
        const connected = object => {
            let found = 0;
            for (let id = 1; id <= lastHandler; id++) if (GObject.signal_handler_is_connected(object, id)) found++;
            return found;
        };
        const lastSource = GLib.idle_add(GLib.PRIORITY_LOW, () => false);
        GLib.source_remove(lastSource);
        let sources = 0;
        for (let id = 1; id < lastSource; id++) if (GLib.MainContext.default().find_source_by_id(id)) sources++;
        const actors = global.get_window_actors();
        const objects = {display: global.display, wm: global.window_manager, workspaces: global.workspace_manager,
            stage: global.stage, overview: Main.overview._overview, theme: St.ThemeContext.get_for_stage(global.stage),
            settings: St.Settings.get(), monitors: global.backend.get_monitor_manager()};
        actors.forEach((actor, i) => { objects['actor' + i] = actor; objects['window' + i] = actor.meta_window; });
        return {
            actors: count(global.stage),
            handlers: Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, connected(object)])),
            sources,
            emitters: [Main.overview, Main.sessionMode, Main.screenShield, Main.messageTray].map(
                emitter => Object.keys(emitter?._signalConnections ?? {}).length),
            override: (await import('resource:///org/gnome/shell/ui/workspace.js')).Workspace.prototype._addWindowClone.toString(),
            clips: actors.flatMap(a => a.get_children()).filter(c => c.has_clip).length,
        };`);
};
