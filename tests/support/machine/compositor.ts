/** weston, headless, with its protocol trace, by which a test sees what clients do. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { userPaths } from '../../../src/shared/paths.js';
import { until } from '../../../tools/desktop/wait.js';

export class Compositor {
    readonly #env: NodeJS.ProcessEnv;
    #process: ChildProcess | undefined;
    #lines: string[] = [];

    /** It will listen where `env` says. */
    constructor(env: NodeJS.ProcessEnv) {
        this.#env = env;
    }

    async start() {
        // The kiosk shell has no client of its own, so every connection in the trace is an instance's.
        const argv = ['--backend=headless', '--shell=kiosk', `--socket=${this.#env.WAYLAND_DISPLAY}`];
        this.#process = spawn('weston', [...argv, '--idle-time=0'], {
            env: { ...this.#env, WAYLAND_DEBUG: 'server' },
            stdio: ['ignore', 'ignore', 'pipe'],
        });
        createInterface(this.#process.stderr!).on('line', line => this.#lines.push(line));
        await until('weston to listen', () => existsSync(userPaths(this.#env).compositorSocket));
    }

    /** Connections since `forget`. Each asks for the registry first. */
    get connections() {
        return this.#lines.filter(line => line.includes('.get_registry(')).length;
    }

    /** Windows opened since `forget`. */
    get windows() {
        return this.#lines.filter(line => line.includes('.set_app_id(')).length;
    }

    /** Resolves with the first line since `forget` that matches. */
    sees(pattern: RegExp) {
        return until(`weston to see ${pattern}`, () => this.#lines.find(line => pattern.test(line)));
    }

    forget() {
        this.#lines = [];
    }

    async end() {
        const ended = once(this.#process!, 'exit');
        this.#process!.kill();
        await ended;
    }
}
