/**
 * A whole desktop session inside the desktop root: private system bus, session bus, Bulkhead installed for the
 * session's user, GNOME Shell headless. Everything it starts ends with `stop()`, or with the root's pid namespace.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { existsSync, openSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { Message, sessionBus, type MessageBus } from '@jellybrick/dbus-next';
import { UserError } from '../../src/shared/errors.js';
import { extensionUuid } from '../install/layout.js';
import { emptyHome } from './emptyHome.js';
import { Hands } from './hands.js';
import { insideMark, mounts } from './mounts.js';
import { ShellConnection } from './shell.js';
import { until } from './wait.js';

const busDaemon = 'org.freedesktop.DBus';

export interface SessionOptions {
    /** Where the logs of the shell and the buses go. */
    logs: string;
    /** Called when the buses are up and before the shell starts: install things, start the daemon. */
    prepare?: (session: DesktopSession, env: NodeJS.ProcessEnv) => Promise<void>;
    /** Called first when the session stops: ends what `prepare` started. */
    finish?: (session: DesktopSession) => Promise<void>;
    extension?: boolean;
}

/** Settings a person would have after the first minutes with a new desktop. */
const settings: readonly (readonly [schema: string, key: string, value: string])[] = [
    ['org.gnome.shell', 'welcome-dialog-last-shown-version', "'99'"],
    ['org.gnome.desktop.background', 'picture-options', "'none'"],
    ['org.gnome.desktop.background', 'color-shading-type', "'vertical'"],
    ['org.gnome.desktop.background', 'primary-color', "'#3d3846'"],
    ['org.gnome.desktop.background', 'secondary-color', "'#1a5fb4'"],
    ['org.gnome.desktop.interface', 'enable-animations', 'false'],
    ['org.gnome.desktop.session', 'idle-delay', 'uint32 0'],
];

export class DesktopSession {
    readonly env: NodeJS.ProcessEnv;
    readonly #options: SessionOptions;
    readonly #children: ChildProcess[] = [];
    #bus: MessageBus | undefined;
    #shell: ShellConnection | undefined;
    #hands: Hands | undefined;
    #shellProcess: ChildProcess | undefined;

    constructor(options: SessionOptions) {
        const runtime = process.env.XDG_RUNTIME_DIR ?? '/run/user/1000';
        this.#options = options;
        this.env = {
            ...process.env,
            XDG_RUNTIME_DIR: runtime,
            XDG_CURRENT_DESKTOP: 'GNOME',
            XDG_SESSION_TYPE: 'wayland',
            WAYLAND_DISPLAY: 'wayland-0',
            DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(runtime, 'bus')}`,
            DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/run/dbus/system_bus_socket',
            LIBGL_ALWAYS_SOFTWARE: '1',
            NO_AT_BRIDGE: '1',
        };
    }

    get bus() {
        return defined(this.#bus, 'bus');
    }
    get shell() {
        return defined(this.#shell, 'shell');
    }
    get hands() {
        return defined(this.#hands, 'shell');
    }
    /** Throws outside the desktop root. */
    async start() {
        if (!existsSync(insideMark)) {
            throw new UserError(
                'This runs in the desktop root only: use npm start, npm test or npm run shell.'
            );
        }
        await mkdir(this.#options.logs, { recursive: true });
        await emptyHome(this.env.HOME!, mounts.images);
        await this.#startBus('/run/dbus/system_bus_socket', 'system-bus');
        await this.#startBus(join(this.env.XDG_RUNTIME_DIR!, 'bus'), 'session-bus');
        this.#bus = sessionBus({ busAddress: this.env.DBUS_SESSION_BUS_ADDRESS! });
        await this.#applySettings();
        await this.#options.prepare?.(this, this.env);
        await this.startShell();
    }

    /** Starts GNOME Shell and waits until it has settled in the overview, with the extension enabled if it is wanted. */
    async startShell() {
        const flags = `--headless --no-x11 --unsafe-mode --virtual-monitor 1280x800 --wayland-display wayland-0`;
        this.#shellProcess = this.spawn('gnome-shell', flags.split(' '), 'gnome-shell');
        const answers = () =>
            this.call('org.gnome.Shell', '/org/gnome/Shell', 'org.gnome.Shell', 'Eval', 's', ['1']);
        await until('GNOME Shell to answer on the bus', () =>
            answers().then(
                ([ok]) => ok,
                () => false
            )
        );
        this.#shell = new ShellConnection(this.bus);
        this.#hands = new Hands(this.#shell);
        await this.#shell.until('the shell to finish starting', 'return !Main.layoutManager._startingUp');
        await this.#hands.plugIn();
        if (this.#options.extension ?? true) await this.extensionEnabled();
        // --unsafe-mode announces itself in a banner and an icon, which no person would see.
        await this.#shell.eval(`
            for (const source of Main.messageTray.getSources()) source.destroy();
            Main.panel.statusArea.quickSettings._unsafeMode?.hide();`);
    }

    async extensionEnabled() {
        await this.shell.until(
            'the extension to be enabled',
            `const e = Main.extensionManager.lookup('${extensionUuid}');
             if (e?.state === 3) throw new Error('the extension failed: ' + e.error);
             return e?.state === 1;`
        );
    }

    /** Starts a program of the session, with its output in the log folder. It ends with the session. */
    spawn(program: string, args: readonly string[], log: string, env: NodeJS.ProcessEnv = {}) {
        const output = openSync(join(this.#options.logs, `${log}.log`), 'a');
        const child = spawn(program, args, {
            env: { ...this.env, ...env },
            stdio: ['ignore', output, output],
        });
        this.#children.push(child);
        return child;
    }

    async stop() {
        await this.#options.finish?.(this);
        this.#bus?.disconnect();
        for (const child of this.#children.reverse()) await end(child);
    }

    async #startBus(socket: string, log: string) {
        await rm(socket, { force: true });
        const arguments_ = [
            '--config-file=/usr/share/dbus-1/session.conf',
            `--address=unix:path=${socket}`,
            '--nofork',
            '--nopidfile',
        ];
        this.spawn('dbus-daemon', arguments_, log);
        await listening(socket);
    }

    async #applySettings() {
        const enabled = ['org.gnome.shell', 'enabled-extensions', `['${extensionUuid}']`] as const;
        for (const [schema, key, value] of [...settings, enabled])
            await execa('gsettings', ['set', schema, key, value], { env: this.env });
    }

    /** Whether a bus name has an owner now. */
    async nameHasOwner(name: string) {
        const [owned] = await this.call(busDaemon, '/org/freedesktop/DBus', busDaemon, 'NameHasOwner', 's', [
            name,
        ]);
        return owned === true;
    }

    /** One D-Bus method call on the session bus. Throws the error it answers with. */
    async call(
        destination: string,
        path: string,
        iface: string,
        member: string,
        signature = '',
        body: unknown[] = []
    ): Promise<unknown[]> {
        const message = new Message({ destination, path, interface: iface, member, signature, body });
        return (await this.bus.call(message))?.body ?? [];
    }

    /** Ends the shell and starts it again, with its windows gone: what a crash or a new login is to instances. */
    async restartShell() {
        await end(defined(this.#shellProcess, 'shell process'));
        await this.startShell();
    }

    /** Puts a rebuilt extension in place and restarts the shell: GJS keeps modules, so nothing less loads new code. */
    async reloadExtension(built: string) {
        const installed = join(this.env.HOME!, '.local/share/gnome-shell/extensions', extensionUuid);
        await cp(built, installed, { recursive: true });
        await this.restartShell();
    }
}

function defined<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new Error(`the session's ${what} is not up`);
    return value;
}

/** Waits until something accepts connections on a Unix socket. */
function listening(path: string) {
    const accepts = () =>
        new Promise<boolean>(resolve => {
            const socket = connect(path, () => {
                socket.destroy();
                resolve(true);
            }).on('error', () => resolve(false));
        });
    return until(`something to listen on ${path}`, accepts, 10_000);
}

/** SIGTERM, then SIGKILL after 3 s; resolves when the process has ended. */
async function end(child: ChildProcess) {
    if (child.exitCode !== null || child.signalCode !== null) return;

    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
}
