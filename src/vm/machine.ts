/**
 * One virtual machine from start to end, or taken over from a former daemon: its vsock device, its VMM and the link to its
 * agent. Whatever part ends first, all of it ends, once, with one reason.
 */
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { ProcessIdentity } from '../instances/types.js';
import { limits } from '../shared/limits.js';
import { AgentLink } from './agentLink.js';
import { agentPort, waypipePort } from './agentProtocol.js';
import type { Backend, MachineConfig, MachineEnd, VmmControl } from './backend.js';
import { HelperGroup } from './helperGroup.js';
import type { HelperFiles } from './helperGroup.js';
import type { HelperProcess } from './helperProcess.js';
import { linkPort, vsockConfinement, vsockSockets } from './vsock.js';
import { socketAppears } from './waitForSocket.js';

/** Where a machine keeps its sockets and files. The folders of the agent and of waypipe exist; the others are made anew. */
export interface MachinePlace extends HelperFiles {
    vmm: string;
    vsock: string;
    agent: string;
    agentSocket: string;
    waypipe: string;
    waypipeSocket: string;
    consoleLog: string;
}

export type MachineSize = Omit<MachineConfig, 'folder' | 'vsockSocket'>;

/** What a VMM gets to hand over the console of a guest that failed. */
const consoleDeadline = 1_000;

/** The guest hangs in its boot: another try may work. */
export class NotReadyError extends Error {
    override name = 'NotReadyError';
}

export class Machine {
    readonly agent = new AgentLink();
    readonly helpers: HelperGroup;
    /** Resolves when every process of the machine is gone. */
    readonly ended: Promise<MachineEnd>;
    readonly #backend: Backend;
    readonly #place: MachinePlace;
    #control: VmmControl | undefined;
    #ending = false;
    #resolveEnded!: (end: MachineEnd) => void;

    constructor(backend: Backend, place: MachinePlace) {
        this.#backend = backend;
        this.#place = place;
        this.helpers = new HelperGroup(place);
        this.helpers.on('lost', helper => void this.#lost(helper));
        this.ended = new Promise(resolve => (this.#resolveEnded = resolve));
        this.agent.on('breach', why => void this.#end({ clean: false, reason: `The guest's agent ${why}.` }));
    }

    /** Boots. Resolves when the agent is ready; rejects with the reason when the machine ended or had to be ended. */
    async start(size: MachineSize, readyDeadline: number = limits.readyDeadline): Promise<void> {
        try {
            await this.#makeFolders();
            await this.agent.listen(this.#place.agentSocket);
            await Promise.all([this.#ready(readyDeadline), this.#startHelpers(size)]);
        } catch (error) {
            void this.#end({ clean: false, reason: (error as Error).message });
            await this.ended;
            throw error;
        }
    }

    /** Takes over the running processes of a former daemon. Its agent connects again by itself. */
    async adopt(identities: { vsock: ProcessIdentity; vmm: ProcessIdentity }): Promise<void> {
        this.helpers.adopt('vsock', identities.vsock);
        const vmm = this.helpers.adopt('vmm', identities.vmm);
        await this.agent.listen(this.#place.agentSocket);
        this.#control = await this.#backend.attach(vmm, this.#place.vmm, this.helpers.signal);
    }

    /** Asks the agent to end its commands and power off; then ends the VMM; then kills. Each gets limits.stopDeadline. */
    async stop(): Promise<void> {
        this.agent.send({ type: 'stop', graceMs: limits.stopDeadline });
        if (await this.#endsWithin(2 * limits.stopDeadline)) return;
        this.#control?.quit();
        if (await this.#endsWithin(limits.stopDeadline)) return;
        await this.kill();
    }

    /** SIGKILL to every process. Resolves when they are gone. */
    async kill(): Promise<void> {
        void this.#end({ clean: true, reason: 'The virtual machine was stopped.' });
        await this.ended;
    }

    async #makeFolders() {
        const { vsock, vmm, agentSocket, waypipeSocket } = this.#place;
        for (const folder of [vsock, vmm]) {
            await rm(folder, { recursive: true, force: true });
            await mkdir(folder, { mode: 0o700 });
        }
        await linkPort(vsock, agentPort, agentSocket);
        await linkPort(vsock, waypipePort, waypipeSocket);
    }

    async #startHelpers(size: MachineSize) {
        const { vsock, vmm, agent, waypipe } = this.#place;
        const { device } = vsockSockets(vsock);
        await this.helpers.launch('vsock', vsockConfinement(vsock, [agent, waypipe]));
        await socketAppears(device, 'vhost-device-vsock', this.helpers.signal);
        const config = { ...size, folder: vmm, vsockSocket: device };
        const process = await this.helpers.launch('vmm', this.#backend.confinement(config));
        this.#control = await this.#backend.attach(process, vmm, this.helpers.signal);
    }

    #ready(deadline: number) {
        const { signal } = this.helpers;
        return new Promise<void>((resolve, reject) => {
            const late = () =>
                reject(new NotReadyError(`The guest was not ready within ${deadline / 1000} seconds.`));
            const timer = setTimeout(late, deadline);
            signal.addEventListener('abort', () => {
                clearTimeout(timer);
                reject(signal.reason);
            });
            this.agent.on('message', ({ type }) => {
                if (type !== 'ready') return;
                clearTimeout(timer);
                resolve();
            });
        });
    }

    async #lost({ role }: HelperProcess) {
        const known = role === 'vmm' ? await this.#control?.ended : undefined;
        const name = role === 'vmm' ? 'virtual machine' : 'vsock device';
        await this.#end(known ?? { clean: false, reason: `The ${name} ended unexpectedly.` });
    }

    async #endsWithin(ms: number) {
        const late = AbortSignal.timeout(ms);
        await Promise.race([this.ended, once(late, 'abort')]);
        return !late.aborted;
    }

    /** The first caller's reason counts. */
    async #end(end: MachineEnd) {
        if (this.#ending) return;
        this.#ending = true;
        this.agent.close();
        if (!end.clean) await this.#saveConsole();
        await this.helpers.end(new Error(end.reason));
        this.#resolveEnded(end);
    }

    /** A VMM that a guest took over may never answer. */
    async #saveConsole() {
        const late = once(AbortSignal.timeout(consoleDeadline), 'abort').then(() => '');
        const text = await Promise.race([this.#control?.console() ?? '', late]);
        if (text) await writeFile(this.#place.consoleLog, text, { mode: 0o600 });
    }
}
