/** The life and death of real instances. Run by run.mjs; names of scenarios as arguments choose some of them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, readlinkSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:net';
import { readRecord } from '../../../src/instances/record.js';
import { runtimeFolder } from '../../../src/instances/runtimeFolder.js';
import type { Role, Stage } from '../../../src/instances/types.js';
import { killProcess } from '../../../src/vm/processIdentity.js';
import { Compositor, events, newInstances, paths, reaches, remains, spec, within } from './world.js';

/** The second daemon of a scenario uses the compositor of the first. */
const compositor = process.argv[2] === '--daemon' ? undefined! : new Compositor();
const id = 'terminal';
const failures = join(paths.state, 'failures');
/** weston gives no seat without a screen, and this client needs none. */
const terminal = (...command: string[]) =>
    spec(id, 'tests', ...(command.length ? command : ['weston-simple-shm']));

const connections = () => compositor.lines.filter(line => line.includes('get_registry'));

/** Mount points of the process that it may write to, beside its private /dev, /tmp. */
const writableMounts = (pid: number) =>
    readFileSync(`/proc/${pid}/mounts`, 'utf8')
        .split('\n')
        .map(line => line.split(' '))
        .filter(([, at, , options]) => options?.startsWith('rw') && !/^\/(dev|tmp)(\/|$)/.test(at!))
        .map(([, at]) => at!);

async function nothingLeft() {
    assert.deepEqual(remains(id), [], 'what is left of the instance');
}

/** Kills one process of a running instance and sees all of it end, with a reason. */
const deathOf = (role: Role, reason: RegExp) => async () => {
    const instance = newInstances().launch(terminal());
    await reaches(instance, 'running', 'failed');
    assert.equal(instance.state, 'running', instance.reason);
    killProcess(instance.processes[role]!);
    await instance.gone;
    assert.equal(instance.state, 'failed');
    assert.match(instance.reason, reason);
    await nothingLeft();
};

const scenarios: Record<string, () => Promise<void>> = {
    'an app starts, shows a window under its own app id, opens a second one in the same guest, and stops':
        async () => {
            compositor.clear();
            const instances = newInstances();
            console.log(`  ${(await instances.backend()).reason}`);
            const instance = instances.launch(terminal(), Date.now());
            await reaches(instance, 'running', 'failed');
            assert.equal(instance.state, 'running', instance.reason);
            await compositor.sees(/xdg_toplevel#\d+\.set_app_id\("org\.bulkhead\.Instance\.terminal"\)/);
            await compositor.sees(/wl_surface#\d+\.attach\(wl_buffer/);
            instance.stamp('frame');
            const { vmm } = instance.processes;
            compositor.clear();
            assert.equal(instances.launch(terminal()), instance);
            await compositor.sees(/set_app_id/);
            assert.deepEqual(instance.processes.vmm, vmm);
            const began = Date.now();
            const stages = Object.entries(instance.timing) as [Stage, number][];
            console.log(
                `  ${stages.map(([stage, at]) => `${stage} ${at - instance.timing.requested!}`).join(', ')} ms`
            );
            await instance.stop();
            console.log(`  stopped in ${Date.now() - began} ms`);
            assert.equal(instance.state, 'stopped', instance.reason);
            assert.deepEqual(instances.list(), []);
            await nothingLeft();
        },
    'an app that ends by itself ends its instance': async () => {
        const instance = newInstances().launch(terminal('sleep', '1'));
        await instance.gone;
        assert.equal(instance.state, 'stopped', instance.reason);
        await nothingLeft();
    },
    'a killed VMM ends the instance': deathOf('vmm', /virtual machine/),
    'a killed proxy ends the instance': deathOf('proxy', /Wayland proxy/),
    'a killed vsock device ends the instance': deathOf('vsock', /vsock/),
    'a killed waypipe ends the instance': deathOf('waypipe', /waypipe/),
    'an instance that runs is adopted after kill -9 of its daemon, and stops': async () => {
        await killedDaemon('running');
        const instances = newInstances();
        await instances.recover();
        const [instance] = instances.list();
        assert.ok(instance, 'the instance is adopted');
        assert.equal(instance.state, 'running');
        assert.ok(instance.timing.agent);
        compositor.clear();
        instances.launch(terminal());
        await compositor.sees(/set_app_id/);
        await instance.stop();
        assert.equal(instance.state, 'stopped', instance.reason);
        await nothingLeft();
    },
    'an adopted instance whose VMM is killed ends': async () => {
        await killedDaemon('running');
        const instances = newInstances();
        await instances.recover();
        const [instance] = instances.list();
        killProcess(instance!.processes.vmm!);
        await instance!.gone;
        assert.equal(instance!.state, 'failed');
        await nothingLeft();
    },
    'an instance that was still starting is ended after kill -9 of its daemon': async () => {
        await killedDaemon('starting');
        const instances = newInstances();
        await instances.recover();
        assert.deepEqual(instances.list(), []);
        await nothingLeft();
    },
    'an extension that refuses the registration leaves nothing and shows nothing': async () => {
        compositor.clear();
        const refused = new Error('the extension is not there');
        const instance = newInstances({ register: () => Promise.reject(refused) }).launch(terminal());
        await instance.gone;
        assert.equal(instance.state, 'failed');
        assert.match(instance.reason, /not there/);
        await nothingLeft();
    },
    'the proxy connects to the compositor only when the extension has acknowledged it': async () => {
        compositor.clear();
        let acknowledge!: () => void;
        const acknowledged = new Promise<void>(resolve => (acknowledge = resolve));
        const instance = newInstances({ register: () => acknowledged }).launch(terminal());
        await within(120_000, 'the agent', done =>
            instance.on('changed', () => {
                if (instance.timing.agent) done();
            })
        );
        assert.equal(instance.state, 'starting', instance.reason);
        assert.deepEqual(connections(), []);
        acknowledge();
        await compositor.sees(/set_app_id/);
        assert.equal(connections().length, 1);
        await instance.kill();
        await nothingLeft();
    },
    'each process sees its own files, no network and no capability': async () => {
        const instance = newInstances().launch(terminal());
        await reaches(instance, 'running', 'failed');
        assert.equal(instance.state, 'running', instance.reason);
        for (const [role, { pid }] of Object.entries(instance.processes)) {
            const status = readFileSync(`/proc/${pid}/status`, 'utf8');
            assert.match(status, /CapEff:\t0+\n/, role);
            assert.match(status, /NoNewPrivs:\t1\n/, role);
            assert.notEqual(readlinkSync(`/proc/${pid}/ns/net`), readlinkSync('/proc/self/ns/net'), role);
            const writable = writableMounts(pid).map(path => basename(path));
            assert.deepEqual(writable, role === 'proxy' ? ['proxy', 'wayland'] : [role], role);
        }
        await instance.kill();
        await nothingLeft();
    },
    'a stop during the start leaves nothing': async () => {
        const instances = newInstances();
        const instance = instances.launch(terminal());
        await within(60_000, 'the VMM', done =>
            instance.on('changed', () => {
                if (instance.timing.vmm) done();
            })
        );
        await instance.stop();
        assert.equal(instance.state, 'stopped', instance.reason);
        await nothingLeft();
    },
    'a program that the image does not have gives a reason': async () => {
        const instance = newInstances().launch(terminal('no-such-program'));
        await instance.gone;
        assert.equal(instance.state, 'failed');
        assert.match(instance.reason, /no-such-program/);
        await nothingLeft();
    },
    'a guest kernel that panics gives a reason and keeps its last words': async () => {
        const broken = terminal();
        broken.image.base = broken.image.kernel;
        const instance = newInstances().launch(broken);
        await instance.gone;
        assert.equal(instance.state, 'failed');
        assert.match(instance.reason, /crashed/);
        assert.match(readFileSync(join(failures, `${id}.log`), 'utf8'), /panic/);
        await nothingLeft();
    },
    'a stale folder and socket of a crash are replaced': async () => {
        const stale = join(paths.runtime, id, 'agent');
        mkdirSync(stale, { recursive: true });
        await within(5_000, 'a stale socket', done => createServer().listen(join(stale, 'socket'), done));
        const instance = newInstances().launch(terminal());
        await reaches(instance, 'running', 'failed');
        assert.equal(instance.state, 'running', instance.reason);
        await instance.kill();
        await nothingLeft();
    },
};

/** Runs a daemon that launches the instance, and kills it with SIGKILL when the instance reached `state`. */
async function killedDaemon(state: 'starting' | 'running') {
    const daemon = spawn(process.execPath, [fileURLToPath(import.meta.url), '--daemon', state], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<void>(resolve => daemon.on('exit', () => resolve()));
    await within(120_000, `a daemon with an instance ${state}`, done =>
        daemon.stdout.on('data', () => done())
    );
    daemon.kill('SIGKILL');
    await ended;
}

/** A daemon that dies before its record is written leaves nothing to adopt. */
const recordSays = (state: string) =>
    within(20_000, `a record of an instance ${state}`, done => {
        const { root, record } = runtimeFolder(join(paths.runtime, id));
        const look = () =>
            void readRecord(record).then(found => {
                if (found?.state === state) done();
            });
        watch(root, look);
        look();
    });

async function beDaemon(state: string) {
    const instance = newInstances().launch(terminal());
    if (state === 'running') {
        await reaches(instance, 'running');
        await recordSays('running');
    } else {
        await within(60_000, 'the VMM', done => instance.on('changed', () => instance.timing.vmm && done()));
    }

    console.log(state);
}

async function main(chosen: string[]) {
    mkdirSync(failures, { recursive: true });
    await compositor.sees(/./);
    let failed = 0;
    for (const [name, run] of Object.entries(scenarios)) {
        if (chosen.length && !chosen.some(text => name.includes(text))) continue;
        const began = Date.now();
        try {
            await run();
            console.log(`ok   ${name} (${Date.now() - began} ms)`);
        } catch (error) {
            failed++;
            console.log(`FAIL ${name}\n`, error);
            console.log(compositor.lines.slice(-6).join('\n'), events);
            console.log(
                readdirSync(failures)
                    .map(file => readFileSync(join(failures, file), 'utf8'))
                    .join('')
            );
        }
    }
    process.exit(failed ? 1 : 0);
}

const [first, state, ...rest] = process.argv.slice(2);
if (first === '--daemon') await beDaemon(state!);
else await main([first, state, ...rest].filter(text => text !== undefined));
