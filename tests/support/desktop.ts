/** The desktop that an e2e test drives, with the things that tests ask of it. One per test file. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { installedSession } from '../../tools/desktop/installed.js';
import { windowOf } from '../../tools/desktop/hands.js';
import { ManagerClient, type InstanceView } from '../../tools/desktop/manager.js';
import { Prompt } from '../../tools/desktop/prompt.js';
import { mounts } from '../../tools/desktop/mounts.js';
import type { DesktopSession } from '../../tools/desktop/session.js';
import type { ShellWindow } from '../../tools/desktop/shell.js';
import { until } from '../../tools/desktop/wait.js';
import { Picture } from './pixels.js';

/** A guest under TCG on a busy machine may take this long to its first frame, in ms. */
export const startDeadline = 120_000;
/** How long nothing is drawn before a picture, in ms: less than the pauses of a blinking caret. */
const quiet = 250;
/** What everything that must end may take, in ms. */
export const endDeadline = 30_000;

export class TestDesktop {
    readonly session: DesktopSession;
    readonly manager: ManagerClient;
    readonly #name: string;

    constructor(file: string) {
        this.#name = basename(file, '.test.ts');
        this.session = installedSession({ logs: join(mounts.out, 'logs', this.#name) });
        this.manager = new ManagerClient(this.session);
    }

    get shell() {
        return this.session.shell;
    }
    get prompt() {
        return new Prompt(this.shell, this.hands);
    }
    get hands() {
        return this.session.hands;
    }

    /** What is seen now; kept as out/e2e/<test file>-<name>.png. */
    async picture(name: string) {
        const path = join(mounts.out, 'e2e', `${this.#name}-${name}.png`);
        await this.shell.settled(quiet);
        return new Picture(await this.shell.screenshot(path));
    }

    /**
     * Starts an app over D-Bus and resolves with its instance when a window of it has shown its first frame. Out of Activities:
     * in there the shell draws a window's clone only, and its actor has no first frame.
     */
    async started(app: string): Promise<InstanceView> {
        await this.hands.closeActivities();
        await this.manager.launch(app);
        return this.shown(app);
    }

    shown(app: string) {
        return this.manager.shown(app, startDeadline);
    }

    /** The windows of an instance, the topmost last. */
    async windowsOf(instance: string): Promise<ShellWindow[]> {
        const windows = await this.shell.windows();
        return windows.filter(window => window.sandboxId === `org.bulkhead.Instance.${instance}`);
    }

    /** The topmost normal window of an instance, focused and out of Activities. */
    async focused(instance: string): Promise<ShellWindow> {
        await this.hands.closeActivities();
        await this.hands.focus(instance);
        return this.window(instance);
    }

    async window(instance: string): Promise<ShellWindow> {
        const window = (await this.windowsOf(instance)).findLast(({ type }) => type === 0);
        if (!window) throw new Error(`${instance} has no window`);
        return window;
    }

    /** Runs code in the shell with `window` and `actor` of the instance. */
    inWindow<T>(instance: string, body: string) {
        return this.shell.eval<T>(`${windowOf(instance)} ${body}`);
    }

    /** SIGKILL to the daemon. Resolves when it has left the bus; a new one may be there already. `also` is killed with it. */
    async killDaemon(...also: number[]) {
        const daemon = await this.manager.pid();
        for (const pid of [daemon, ...also]) process.kill(pid, 'SIGKILL');
        const owner = () => this.manager.pid().catch(() => undefined);
        await until('the killed daemon to leave the bus', async () => (await owner()) !== daemon);
    }

    async ended(app: string) {
        await until(
            `${app} to end`,
            async () =>
                !(await this.manager.instance(app)) || (await this.manager.instance(app))!.state === 'failed',
            endDeadline
        );
    }

    /** Installs one more app from `tests/clients`, based on an installed one. */
    async addApp(app: string, changes: Record<string, unknown>, base = 'terminal') {
        const apps = join(this.session.env.HOME!, '.local/share/bulkhead/apps');
        const manifest = JSON.parse(await readFile(join(apps, base, 'manifest.json'), 'utf8'));
        await mkdir(join(apps, app), { recursive: true });
        await cp(join(apps, base, manifest.icon), join(apps, app, manifest.icon));
        await writeFile(
            join(apps, app, 'manifest.json'),
            JSON.stringify({ ...manifest, id: app, ...changes })
        );
        await until(`the daemon to see ${app}`, async () =>
            JSON.stringify(await this.manager.call('ListApps')).includes(`"${app}"`)
        );
        // The shell takes its time to notice new files (GNOME's AppCache waits for 5 s of quiet).
        await this.shell.until(
            `the shell to know ${app}`,
            `return Shell.AppSystem.get_default().lookup_app('org.bulkhead.Instance.${app}.desktop') !== null;`
        );
    }
}
