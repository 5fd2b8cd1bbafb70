/** The life and death of instances where a shell and a daemon would only be in the way; tests/support/machine says what stands in for them. */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import esbuild from 'esbuild';
import { readRecord } from '../../src/instances/record.js';
import { runtimeFolder } from '../../src/instances/runtimeFolder.js';
import type { InstancePolicy, Role, Stage } from '../../src/instances/types.js';
import { limits } from '../../src/shared/limits.js';
import { userPaths } from '../../src/shared/paths.js';
import { killProcess } from '../../src/vm/processIdentity.js';
import { mounts } from '../../tools/desktop/mounts.js';
import { until } from '../../tools/desktop/wait.js';
import { Compositor } from '../support/machine/compositor.js';
import { newEnvironment, newInstances, newSpec, passes, reaches, remains } from '../support/machine/world.js';

const env = newEnvironment();
const { runtime, state } = userPaths(env);
const folder = runtimeFolder(join(runtime, 'terminal'));
const compositor = new Compositor(env);
let instances = newInstances(env);

beforeAll(() => compositor.start());
afterAll(() => compositor.end());

/** Whatever a test was about: it leaves nothing. What is gone already, `kill` does not touch. */
afterEach(async () => {
    jest.restoreAllMocks();
    for (const instance of instances.list()) await instance.kill();
    expect(await remains(env)).toEqual([]);
    compositor.forget();
});

async function launch(changes: Partial<InstancePolicy> = {}, ...command: string[]) {
    instances = newInstances(env, changes);
    return instances.launch(await newSpec(...command));
}

describe('a start', () => {
    test('connects to the compositor only when the extension has acknowledged it', async () => {
        let acknowledge!: () => void;
        const acknowledged = new Promise<void>(resolve => (acknowledge = resolve));
        const instance = await launch({ register: () => acknowledged });
        await passes(instance, 'agent');
        // What must not happen needs a span in which it could have: unhindered, the app connects within 2 s.
        await setTimeout(4_000);
        expect([instance.state, compositor.connections]).toEqual(['starting', 0]);
        acknowledge();
        await compositor.sees(/set_app_id\("org\.bulkhead\.Instance\.terminal"\)/);
        expect(compositor.connections).toBe(1);
    });

    test('that the extension refuses shows nothing and gives its reason', async () => {
        const instance = await launch({ register: () => Promise.reject(new Error('the extension is away')) });
        await instance.gone;
        expect([instance.state, instance.reason]).toEqual(['failed', 'the extension is away']);
        expect(compositor.connections).toBe(0);
    });

    test('that is stopped is stopped, not failed', async () => {
        const instance = await launch();
        await passes(instance, 'vmm');
        await instance.stop();
        expect([instance.state, instance.reason]).toEqual(['stopped', '']);
    });

    test('replaces the folder of a crash, even with a socket in it that still listens', async () => {
        mkdirSync(folder.agent, { recursive: true });
        const former = createServer().listen(folder.agentSocket).unref();
        await once(former, 'listening');
        const instance = await launch();
        await passes(instance, 'vmm');
        await instance.kill();
        former.close();
    });

    test('of a guest that hangs in its boot is tried once more', async () => {
        const normal = jest.replaceProperty(limits as { readyDeadline: number }, 'readyDeadline', 3_000);
        const retried: string[] = [];
        const instance = await launch({
            audit: ({ event }) => {
                retried.push(event);
                normal.restore();
            },
        });
        await passes(instance, 'vmm');
        const first = instance.processes.vmm!;
        process.kill(first.pid, 'SIGSTOP');
        await reaches(instance, 'running');
        expect(retried).toEqual(['boot-retried']);
        expect(instance.processes.vmm).not.toEqual(first);
    });

    test('of a program that the image lacks fails, with the name of the program', async () => {
        const instance = await launch({}, 'no-such-program');
        await instance.gone;
        expect(instance.reason).toBe('The image of Terminal has no program "no-such-program".');
    });

    test('of a guest whose kernel panics fails, and keeps the last words of the kernel', async () => {
        instances = newInstances(env);
        const spec = await newSpec();
        const instance = instances.launch({ ...spec, image: { ...spec.image, base: spec.image.kernel } });
        await instance.gone;
        expect([instance.state, instance.reason]).toEqual([
            'failed',
            expect.stringMatching(/guest system crashed/),
        ]);
        expect(readFileSync(join(state, 'failures/terminal.log'), 'utf8')).toMatch(/Kernel panic/);
    });
});

describe('a process of a running instance', () => {
    const ownFolders: Record<Role, string[]> = {
        vsock: ['vsock'],
        vmm: ['vmm'],
        waypipe: ['waypipe'],
        proxy: ['proxy', 'wayland'],
    };

    /** Mount points that the process may write to, beside its private /dev and /tmp. */
    const writableMounts = (pid: number) =>
        readFileSync(`/proc/${pid}/mounts`, 'utf8')
            .split('\n')
            .map(line => line.split(' '))
            .filter(([, at, , options]) => options?.startsWith('rw') && !/^\/(dev|tmp)(\/|$)/.test(at!))
            .map(([, at]) => at!);

    test('has no capability and no network, and writes to its own folder alone', async () => {
        const instance = await launch();
        await reaches(instance, 'running');
        expect(Object.keys(instance.processes).sort()).toEqual(Object.keys(ownFolders).sort());
        for (const [role, { pid }] of Object.entries(instance.processes)) {
            const status = readFileSync(`/proc/${pid}/status`, 'utf8');
            expect([role, status]).toEqual([role, expect.stringMatching(/^CapEff:\t0+$/m)]);
            expect([role, status]).toEqual([role, expect.stringMatching(/^NoNewPrivs:\t1$/m)]);
            expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));
            const expected = ownFolders[role as Role].map(name => join(folder.root, name));
            expect([role, writableMounts(pid)]).toEqual([role, expected]);
        }
    });
});

describe('after kill -9 of the daemon', () => {
    const daemon = join(env.XDG_RUNTIME_DIR!, 'daemon.mjs');
    /** execa brings CommonJS that still says require('child_process'). */
    const banner = `import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);`;

    beforeAll(() =>
        esbuild.build({
            absWorkingDir: mounts.checkout,
            entryPoints: ['tests/support/machine/daemon.ts'],
            outfile: daemon,
            bundle: true,
            platform: 'node',
            format: 'esm',
            banner: { js: banner },
        })
    );

    /** A daemon launches the instance, is killed when that has reached `stage`, and another one looks at what is left. */
    async function killDaemon(stage: Stage, recorded: string) {
        const child = spawn(process.execPath, [daemon, stage], { env, stdio: ['ignore', 'pipe', 'inherit'] });
        const ended = once(child, 'exit');
        try {
            await Promise.race([once(child.stdout, 'data'), ended]);
            expect(child.exitCode).toBeNull();
            await until(
                `the record to say ${recorded}`,
                async () => (await readRecord(folder.record))?.state === recorded
            );
        } finally {
            child.kill('SIGKILL');
        }
        await ended;
        instances = newInstances(env);
        await instances.recover();
    }

    test('an instance that was still starting is ended', async () => {
        await killDaemon('vmm', 'starting');
        expect(instances.list()).toEqual([]);
    });

    test('a running instance goes on under the next one, which knows its start, opens one more window at once, and sees its VMM end', async () => {
        await killDaemon('app', 'running');
        const [instance] = instances.list();
        expect(instance?.state).toBe('running');
        expect(Object.keys(instance!.timing)).toEqual(expect.arrayContaining(['requested', 'agent', 'app']));
        // Asked for at once, as by the click that started the next daemon: the agent is not back yet.
        instances.launch(instance!.spec);
        await until('two windows', () => compositor.windows === 2);
        killProcess(instance!.processes.vmm!);
        await instance!.gone;
        expect(instance!.state).toBe('failed');
    });
});
