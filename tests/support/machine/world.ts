/** What the scenarios run in: a compositor, a policy that agrees to everything, and ways to look at what is left. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { imageManifest } from '../../../src/images/image.js';
import type { Instance } from '../../../src/instances/instance.js';
import { Instances } from '../../../src/instances/instances.js';
import { processesNaming } from '../../../src/instances/recovery.js';
import type { InstancePolicy, InstanceSpec, InstanceState } from '../../../src/instances/types.js';
import { identify } from '../../../src/vm/processIdentity.js';
import { desktopId, userPaths } from '../../../src/shared/paths.js';

const image = '/mnt/image';
const display = 'wayland-9';
export const paths = userPaths({ ...process.env, WAYLAND_DISPLAY: display });

/** weston, headless, with its protocol trace, by which a scenario sees what windows do. */
export class Compositor {
    readonly #process: ChildProcess;
    readonly lines: string[] = [];
    readonly #waiting = new Set<() => void>();

    constructor() {
        const argv = ['--backend=headless', `--socket=${display}`, '--idle-time=0'];
        this.#process = spawn('weston', argv, {
            env: { ...process.env, WAYLAND_DEBUG: 'server' },
            stdio: ['ignore', 'ignore', 'pipe'],
        });
        createInterface(this.#process.stderr!).on('line', line => {
            this.lines.push(line);
            for (const look of this.#waiting) look();
        });
    }

    /** Forgets what was seen so far. */
    clear() {
        this.lines.length = 0;
    }

    /** Resolves with the first line that matches. Rejects after 20 s. */
    async sees(pattern: RegExp): Promise<string> {
        return within(20_000, `the compositor to see ${pattern}`, done => {
            const look = () => {
                const line = this.lines.find(text => pattern.test(text));
                if (line === undefined) return;
                this.#waiting.delete(look);
                done(line);
            };
            this.#waiting.add(look);
            look();
        });
    }

    end() {
        this.#process.kill();
    }
}

export const events: string[] = [];

const policy: InstancePolicy = {
    register: () => Promise.resolve(),
    unregister: () => undefined,
    ask: () => Promise.resolve(true),
    shell: { present: true, input: true },
    audit: ({ event, detail }) => void events.push(`${event} ${detail ?? ''}`),
};

export const newInstances = (changes: Partial<InstancePolicy> = {}) =>
    new Instances({
        paths,
        policy: { ...policy, ...changes },
        programs: { proxy: '/mnt/dist/wayland-proxy.mjs' },
    });

/** An instance that runs `command` in the guest. */
export function spec(id: string, layer: string, ...command: string[]): InstanceSpec {
    const manifest = imageManifest.parse(JSON.parse(readFileSync(join(image, 'image.json'), 'utf8')));
    const file = ({ name }: { name: string }) => join(image, name);
    return {
        id,
        app: {
            id,
            name: id,
            keywords: [],
            icon: 'x.svg',
            command,
            environment: {},
            domain: 'personal',
            image: '0'.repeat(64),
            layer,
            memoryMiB: 512,
            cpus: 1,
        },
        domain: { id: 'personal', name: 'Personal', colour: '#2ec27e', pattern: 'solid', emblem: 'circle' },
        desktopId: desktopId(id),
        image: {
            kernel: file(manifest.kernel),
            initrd: file(manifest.initrd),
            base: file(manifest.base),
            layer: file(manifest.layers[layer]!),
        },
    };
}

/** Resolves when the instance is in one of the states; rejects after two minutes. */
export const reaches = (instance: Instance, ...states: InstanceState[]) =>
    within(120_000, `${instance.spec.id} to be ${states.join(' or ')}`, done => {
        const look = () => {
            if (states.includes(instance.state)) done();
        };
        instance.on('changed', look);
        look();
    });

/** What is still there of an instance: processes, files, mounts. Empty when it is fully gone. */
export function remains(id: string): string[] {
    const folder = join(paths.runtime, id);
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    return [
        ...processesNaming(folder).map(({ pid }) => `process ${pid}`),
        ...guestProcesses(),
        ...(existsSync(folder) ? [`folder with ${readdirSync(folder).join(', ')}`] : []),
        ...mounts.filter(line => line.includes(folder)).map(line => `mount ${line}`),
    ];
}

/** Every process of any instance, found by its program alone. */
function guestProcesses() {
    const names = new Set(['bwrap', 'qemu-system-x86', 'vhost-device-vs', 'waypipe']);
    const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name) && name !== '1');
    return pids.flatMap(pid => {
        try {
            const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
            return names.has(name) && identify(Number(pid)) ? [`${name} ${pid}`] : [];
        } catch {
            return [];
        }
    });
}

export function within<T = void>(
    ms: number,
    what: string,
    start: (done: (value: T) => void) => void
): Promise<T> {
    return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`waited ${ms / 1000} s for ${what}`)), ms);
        start(value => {
            clearTimeout(timer);
            resolve(value);
        });
    });
}
