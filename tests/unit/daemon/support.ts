/** A private session bus, a stand-in for the set of instances (VMs are not the point here) and one for the shell extension. */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appManifest } from '../../../src/apps/manifest.js';
import { Bus } from '../../../src/daemon/bus/bus.js';
import { BusError, Exporter } from '../../../src/daemon/bus/exporter.js';
import { parseInterface } from '../../../src/daemon/bus/interfaceXml.js';
import { openVariants, Variant } from '../../../src/daemon/bus/variants.js';
import type { InstanceLike, InstanceSet } from '../../../src/daemon/instanceSet.js';
import { defaultDomains } from '../../../src/domains/domain.js';
import type { InstanceSpec, InstanceState, Stage, Timing } from '../../../src/instances/types.js';

export const xml = (name: string) => readFileSync(`dbus/org.bulkhead.${name}.xml`, 'utf8');

export const interfaces = {
    manager: parseInterface(xml('Manager1')),
    instance: parseInterface(xml('Instance1')),
    shell: parseInterface(xml('Shell1')),
};

/** A dbus-daemon of our own, with all its files in one folder. */
export class PrivateBus {
    private constructor(
        readonly address: string,
        readonly folder: string,
        readonly process: ChildProcess
    ) {}

    static async start(): Promise<PrivateBus> {
        const folder = await mkdtemp(join(tmpdir(), 'bulkhead-bus-'));
        const child = spawn(
            'dbus-daemon',
            ['--session', '--nofork', '--print-address', `--address=unix:path=${folder}/bus`],
            { stdio: ['ignore', 'pipe', 'ignore'], env: { XDG_DATA_HOME: folder, PATH: process.env.PATH } }
        );
        const [line] = await once(child.stdout!, 'data', { signal: AbortSignal.timeout(5000) });
        return new PrivateBus(String(line).trim(), folder, child);
    }

    connect() {
        return Bus.connect(this.address);
    }

    async stop() {
        const exited = once(this.process, 'exit');
        this.process.kill();
        await exited;
        await rm(this.folder, { recursive: true });
    }
}

/** Whether this machine can run a bus of its own: the desktop root always can. */
export const hasBus = await access('/usr/bin/dbus-daemon').then(
    () => true,
    () => false
);

export const manifest = appManifest.parse({
    id: 'text-editor',
    name: 'Text Editor',
    icon: 'editor.svg',
    command: ['gnome-text-editor'],
    domain: 'personal',
    image: 'a'.repeat(64),
    layer: 'editor',
});

export const spec = (id = 'text-editor'): InstanceSpec => ({
    id,
    app: manifest,
    domain: defaultDomains[0]!,
    desktopId: `org.bulkhead.Instance.${id}`,
    image: { kernel: '/k', initrd: '/i', base: '/b', layer: '/l' },
});

export class StandInInstance extends EventEmitter implements InstanceLike {
    state: InstanceState = 'starting';
    reason: string | undefined;
    timing: Timing = {};
    processes = { proxy: { pid: 4711, startTime: 1 } };
    constructor(
        readonly spec: InstanceSpec,
        readonly set: StandInInstances
    ) {
        super();
    }
    become(state: InstanceState, reason?: string) {
        this.state = state;
        this.reason = reason;
        this.emit('changed');
    }
    stamp(stage: Stage, ms: number) {
        this.timing[stage] = ms;
        this.emit('changed');
    }
    async stop() {
        this.become('stopped');
        this.set.remove(this);
    }
    kill() {
        return this.stop();
    }
}

export class StandInInstances extends EventEmitter implements InstanceSet {
    readonly all = new Map<string, StandInInstance>();
    recovered = false;
    async recover() {
        this.recovered = true;
    }
    launch(wanted: InstanceSpec, clickedAt?: number) {
        const running = this.all.get(wanted.id);
        if (running) return running;
        const instance = new StandInInstance(wanted, this);
        if (clickedAt !== undefined) instance.timing.clicked = clickedAt;
        this.all.set(wanted.id, instance);
        this.emit('added', instance);
        return instance;
    }
    remove(instance: StandInInstance) {
        this.all.delete(instance.spec.id);
        this.emit('removed', instance);
    }
    get(id: string) {
        return this.all.get(id);
    }
    list() {
        return [...this.all.values()];
    }
    shellChanged() {
        this.emit('shell');
    }
    async backend() {
        return { name: 'qemu-tcg', reason: 'there is no KVM' };
    }
}

const storeXml = `<node><interface name="org.freedesktop.impl.portal.PermissionStore"><method name="Lookup">
<arg name="table" type="s" direction="in"/><arg name="id" type="s" direction="in"/>
<arg name="permissions" type="a{sas}" direction="out"/><arg name="data" type="v" direction="out"/></method></interface></node>`;

/** The desktop's permission store, with nothing in it. */
export async function serveEmptyPermissionStore(bus: Bus) {
    const description = parseInterface(storeXml);
    const internal = (error: unknown) => new BusError('org.bulkhead.Error.Internal', String(error));
    const exporter = new Exporter(bus, '/', Promise.resolve(), internal);
    exporter.export('/org/freedesktop/impl/portal/PermissionStore', {
        description,
        methods: { Lookup: () => [{}, new Variant('b', false)] },
        properties: {},
    });
    await bus.ownName(description.name);
}

/** The extension's side of org.bulkhead.Shell1, on a connection of its own. */
export class StandInShell extends EventEmitter {
    readonly registered: Record<string, unknown>[] = [];
    readonly forgotten: unknown[] = [];
    readonly cancelled: unknown[] = [];
    answer: (prompt: Record<string, unknown>) => Promise<string> = async () => 'deny';
    refuse = false;
    #exporter!: Exporter;

    private constructor(readonly bus: Bus) {
        super();
    }

    static async start(
        bus: Bus,
        setUp: (shell: StandInShell) => void = () => undefined
    ): Promise<StandInShell> {
        const shell = new StandInShell(bus);
        setUp(shell);
        const internal = (error: unknown) => new BusError('org.bulkhead.Error.Internal', String(error));
        shell.#exporter = new Exporter(bus, '/org/bulkhead', Promise.resolve(), internal);
        shell.#exporter.export('/org/bulkhead/Shell1', {
            description: interfaces.shell,
            methods: {
                RegisterInstance: ([registration]) => {
                    if (shell.refuse) throw new Error('no');
                    shell.registered.push(openVariants(registration));
                    shell.emit('registered');
                    return [];
                },
                UnregisterInstance: ([instance]) => {
                    shell.forgotten.push(instance);
                    shell.emit('forgotten');
                    return [];
                },
                CancelPrompt: ([id]) => {
                    shell.cancelled.push(id);
                    shell.emit('cancelled');
                    return [];
                },
                Prompt: async ([prompt]) => [await shell.answer(openVariants(prompt))],
            },
            properties: { Version: () => 'test' },
        });
        await bus.ownName(interfaces.shell.name);
        return shell;
    }

    windowShown(instance: string, when: number) {
        this.#exporter.emit('/org/bulkhead/Shell1', 'WindowShown', [instance, BigInt(when)]);
    }
}
