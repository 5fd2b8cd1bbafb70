/**
 * One instance: a machine and its display, started side by side and ended together. Whatever ends first ends all the rest,
 * and nothing of it stays behind: no process, no socket, no file.
 */
import { EventEmitter } from 'node:events';
import type { FSWatcher } from 'node:fs';
import { describeError } from '../shared/errors.js';
import { writeFileAtomic } from '../shared/files.js';
import type { FromAgent } from '../vm/agentProtocol.js';
import type { Backend, BackendName } from '../vm/backend.js';
import type { HelperGroup } from '../vm/helperGroup.js';
import { limitLogs } from '../vm/logLimit.js';
import { Machine, NotReadyError } from '../vm/machine.js';
import { Commands } from './commands.js';
import { Display } from './display.js';
import type { DisplayWorld } from './display.js';
import { born, live } from './lifecycle.js';
import type { LifeEvent } from './lifecycle.js';
import { writeRecord } from './record.js';
import type { CompleteRecord } from './recovery.js';
import { cleanUp } from './recovery.js';
import { collectLogs, makeRuntimeFolder } from './runtimeFolder.js';
import type { InstanceSpec, InstanceState, ProcessIdentity, Role, Stage, Timing } from './types.js';

/** What an instance gets from its surroundings. */
export interface InstanceWorld extends DisplayWorld {
    /** The named backend, or the one in use here. */
    backend(name?: BackendName): Promise<Backend>;
    /** Where the helpers' output goes when the instance failed. */
    failureLog: string;
}

/** A guest that hangs in its boot gets one more try. */
const bootAttempts = 2;
/** What the agent answers for a command that cannot be started. */
const cannotStart = 127;

/** Event: `changed`, whenever state, reason, timing or processes are others than before. */
export class Instance extends EventEmitter<{ changed: [] }> {
    readonly spec: InstanceSpec;
    readonly timing: Timing = {};
    /** Resolves when nothing of the instance is left. */
    readonly gone: Promise<void>;
    readonly #world: InstanceWorld;
    readonly #commands = new Commands();
    readonly #display: Display;
    #life = born;
    /** Guest and display are up: commands can run. */
    #up = false;
    #processes: Partial<Record<Role, ProcessIdentity>> = {};
    #backend: Backend | undefined;
    #machine: Machine | undefined;
    #logLimit: FSWatcher | undefined;
    #ending: Promise<void> | undefined;
    /** The start or the adoption, as long as it goes on. Never rejects. */
    #work: Promise<void> = Promise.resolve();
    /** The last write of the record. Never rejects. */
    #recorded: Promise<void> = Promise.resolve();
    #resolveGone!: () => void;

    constructor(spec: InstanceSpec, world: InstanceWorld) {
        super();
        this.spec = spec;
        this.#world = world;
        this.gone = new Promise(resolve => (this.#resolveGone = resolve));
        this.#display = new Display(spec, world);
        this.#follow(this.#display.helpers);
        void this.#display.lost.then(reason => this.#happen({ type: 'lost', reason }));
    }

    get state(): InstanceState {
        return this.#life.state;
    }

    /** One sentence for a person when it failed; else empty. */
    get reason(): string {
        return this.#life.reason;
    }

    get processes(): Readonly<Partial<Record<Role, ProcessIdentity>>> {
        return this.#processes;
    }

    /** Notes when a stage of the start was reached, in ms since the epoch. The first note stays. */
    stamp(stage: Stage, ms: number = Date.now()) {
        if (this.timing[stage] !== undefined) return;
        this.timing[stage] = Math.max(0, Math.round(ms));
        this.#changed();
    }

    /** Starts everything, once `before` is over. `state` tells how it goes on. */
    start(before: Promise<void>, clickedAt?: number) {
        if (clickedAt !== undefined) this.stamp('clicked', clickedAt);
        this.stamp('requested');
        this.#commands.add();
        this.#work = before.then(() => this.#start()).catch((error: unknown) => this.#fail(error));
    }

    /** Takes over what a former daemon recorded. */
    adopt(record: CompleteRecord) {
        Object.assign(this.timing, record.timing);
        this.#life = { state: record.state, reason: '' };
        this.#up = true;
        this.#processes = record.processes;
        this.#work = this.#adopt(record).catch((error: unknown) => this.#fail(error));
    }

    /** Opens one more window: runs the app's command once more in the guest. Throws UserError when it runs too many. */
    runAgain() {
        this.#commands.add();
        this.#askForRuns();
    }

    /** Ends the app, then the guest, then the VMM, each with a deadline. Resolves when nothing is left. */
    async stop(): Promise<void> {
        if (this.state === 'starting') return this.kill();

        if (this.state === 'running') {
            this.#become({ type: 'stop' });
            await this.#machine?.stop();
        }
        await this.gone;
    }

    /** Ends everything at once. Resolves when nothing is left. */
    async kill(): Promise<void> {
        this.#happen({ type: 'stop' });
        await this.gone;
    }

    /** The policy's `shell` is another than before. */
    shellChanged() {
        this.#display.shellChanged();
    }

    async #start() {
        const { folder } = this.#world;
        if (this.#ending) return;
        await cleanUp(folder);
        await makeRuntimeFolder(folder);
        this.#logLimit = limitLogs(folder.logs);
        this.#backend = await this.#world.backend();
        const parts = [this.#boot(this.#backend), this.#display.start()];
        await Promise.all(parts.map(part => part.catch((error: unknown) => this.#fail(error))));
        this.#up = this.state === 'starting';
        this.#askForRuns();
    }

    async #boot(backend: Backend) {
        const { id, app, image } = this.spec;
        const disks = [image.base, image.layer];
        const size = {
            name: id,
            kernel: image.kernel,
            initrd: image.initrd,
            disks,
            memoryMiB: app.memoryMiB,
            cpus: app.cpus,
        };
        for (let attempt = 1; ; attempt++) {
            const machine = this.#newMachine(backend);
            try {
                await machine.start(size);
                return this.#endWith(machine);
            } catch (error) {
                if (!(error instanceof NotReadyError) || attempt === bootAttempts) throw error;
                this.#world.policy.audit({ instance: id, event: 'boot-retried', detail: error.message });
            }
        }
    }

    async #adopt({ backend, processes }: CompleteRecord) {
        this.#logLimit = limitLogs(this.#world.folder.logs);
        this.#backend = await this.#world.backend(backend);
        const machine = this.#newMachine(this.#backend);
        this.#endWith(machine);
        await Promise.all([machine.adopt(processes), this.#display.adopt(processes)]);
    }

    #newMachine(backend: Backend) {
        if (this.#ending) throw new Error('the instance is being ended');

        const machine = new Machine(backend, this.#world.folder);
        this.#follow(machine.helpers);
        machine.agent.on('message', message => this.#hear(message));
        return (this.#machine = machine);
    }

    #endWith(machine: Machine) {
        void machine.ended.then(({ clean, reason }) =>
            this.#happen(clean ? { type: 'stop' } : { type: 'lost', reason })
        );
    }

    #follow(helpers: HelperGroup) {
        helpers.on('helper', ({ role, identity }) => {
            this.#processes = { ...this.#processes, [role]: identity };
            if (role === 'vmm') this.stamp('vmm');
            this.#changed();
        });
    }

    /** Asks for the commands that wait. While the guest starts, or its agent is away, they go on waiting. */
    #askForRuns() {
        const { command, environment } = this.spec.app;
        const agent = this.#machine?.agent;
        if (!this.#up || !agent?.greeted) return;
        for (const run of this.#commands.ask())
            agent.send({ type: 'start', run, argv: command, env: environment });
    }

    #hear(message: FromAgent) {
        switch (message.type) {
            case 'hello':
                // In a guest that boots none can run yet; in one that was lost for a while, some may have ended.
                if (this.state === 'running') this.#commands.replace(message.runs);
                this.#askForRuns();
                break;
            case 'ready':
                this.stamp('kernel', Date.now() - message.uptime);
                this.stamp('agent');
                break;
            case 'started':
                this.stamp('app');
                this.#happen({ type: 'started' });
                break;
            case 'exited':
                this.#commands.end(message.run);
                if (message.status === cannotStart) {
                    this.#fail(
                        `The image of ${this.spec.app.name} has no program "${this.spec.app.command[0]}".`
                    );
                }
                break;
            case 'stopping':
                break;
        }
        if (this.state === 'running' && this.#commands.open.length === 0) void this.stop();
    }

    #fail(error: unknown) {
        this.#happen({ type: 'lost', reason: describeError(error) });
    }

    /** Goes on to the next state; everything ends when that is no longer a state to be up in. */
    #happen(event: LifeEvent) {
        this.#become(event);
        if (this.state === 'stopping') this.#ending ??= this.#end();
    }

    #become(event: LifeEvent) {
        const next = live(this.#life, event);
        if (next === this.#life) return;
        this.#life = next;
        this.#changed();
    }

    async #end() {
        const reason = new Error(this.reason || 'the instance was stopped');
        await Promise.all([this.#display.end(reason), this.#machine?.kill()]);
        await this.#work;
        await this.#recorded;
        this.#logLimit?.close();
        // A full disk must not keep the instance from ending.
        if (this.reason) await this.#keepLogs().catch(() => undefined);
        await cleanUp(this.#world.folder);
        this.#processes = {};
        this.#become({ type: 'gone' });
        this.#resolveGone();
    }

    async #keepLogs() {
        const { folder, failureLog } = this.#world;
        await writeFileAtomic(failureLog, await collectLogs(folder));
    }

    #changed() {
        this.#record();
        this.emit('changed');
    }

    /** The record of an instance that is being ended stays as it is: its folder goes. */
    #record() {
        if (!this.#backend || this.#ending) return;
        const { spec, state, processes, timing } = this;
        const record = { format: 1, spec, backend: this.#backend.name, state, processes, timing } as const;
        const text = structuredClone(record);
        this.#recorded = this.#recorded
            .then(() => writeRecord(this.#world.folder.record, text))
            .catch((error: unknown) => this.#fail(error));
    }
}
