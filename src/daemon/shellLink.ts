/**
 * The daemon's link to the shell extension. `present` is true only while the extension has acknowledged every
 * registration that we hold; `input` outlives it by limits.shellGrace, for a shell that reloads its extensions.
 */
import { EventEmitter } from 'node:events';
import type { Registration } from '../instances/types.js';
import { describeError, UserError } from '../shared/errors.js';
import { limits } from '../shared/limits.js';
import type { Bus } from './bus/bus.js';
import type { InterfaceDescription } from './bus/interfaceXml.js';
import { stringVariants, Variant } from './bus/variants.js';

const PATH = '/org/bulkhead/Shell1';
/** A shell that does not answer a registration by then is hung. In ms. */
const CALL_DEADLINE = 10_000;

/** Emits `changed` when present or input changed, `shown` (instance id, ms) for a window's first frame. */
export class ShellLink extends EventEmitter<{ changed: []; shown: [instance: string, when: number] }> {
    readonly #bus: Bus;
    readonly #description: InterfaceDescription;
    readonly #registrations = new Map<string, Registration>();
    #owner: string | undefined;
    #lastPrompt = 0;
    #grace: NodeJS.Timeout | undefined;
    #shell = { present: false, input: false };

    constructor(bus: Bus, description: InterfaceDescription) {
        super();
        this.#bus = bus;
        this.#description = description;
    }

    /** Whether the extension is there to mark windows, and whether input may reach guests. */
    get shell() {
        return this.#shell;
    }

    async open() {
        const { name } = this.#description;
        await this.#bus.onSignal(name, 'WindowShown', ({ sender, args: [instance, when] }) => {
            if (sender === this.#owner) this.emit('shown', String(instance), Number(when));
        });
        await this.#bus.watchName(name, owner => void this.#ownerChanged(owner));
    }

    /** Resolves when the extension has acknowledged. Waits limits.shellGrace for an extension that is not there. */
    async register(registration: Registration) {
        const { id } = registration.spec;
        this.#registrations.set(id, registration);
        try {
            if (!this.#owner) await this.#arrival();
            await this.#send(registration);
        } catch (error) {
            this.#registrations.delete(id);
            throw error;
        }
    }

    /** Forgets the instance here and, where there is an extension, there. */
    unregister(instance: string) {
        if (!this.#registrations.delete(instance) || !this.#owner) return;
        this.#call('UnregisterInstance', [instance], CALL_DEADLINE).catch((error: unknown) =>
            console.error(`The shell did not forget ${instance}: ${describeError(error)}`)
        );
    }

    /**
     * What the person answered, as it came. Waits as long as they take. Rejects when the shell is not there or goes.
     * When `signal` aborts, the prompt is closed.
     */
    async prompt(instance: string, resource: string, detail: string, signal: AbortSignal): Promise<unknown> {
        signal.throwIfAborted();
        const id = ++this.#lastPrompt;
        const prompt = { ...stringVariants({ instance, resource, detail }), id: new Variant('u', id) };
        const cancel = () => this.#cancelPrompt(id);
        signal.addEventListener('abort', cancel, { once: true });
        try {
            const [decision] = await this.#call('Prompt', [prompt]);
            return decision;
        } finally {
            signal.removeEventListener('abort', cancel);
        }
    }

    /** Messages keep their order on the bus, so the prompt is there before its end is asked for. */
    #cancelPrompt(id: number) {
        this.#call('CancelPrompt', [id], CALL_DEADLINE).catch((error: unknown) =>
            console.error(`The shell did not close a prompt: ${describeError(error)}`)
        );
    }

    async #ownerChanged(owner: string | undefined) {
        this.#owner = owner;
        clearTimeout(this.#grace);
        if (!owner) {
            this.#set({ present: false, input: this.#shell.input });
            this.#grace = setTimeout(() => this.#set({ present: false, input: false }), limits.shellGrace);
            this.#grace.unref();
            return;
        }

        try {
            await Promise.all(
                [...this.#registrations.values()].map(registration => this.#send(registration))
            );
        } catch (error) {
            console.error(`The shell did not take the running instances: ${describeError(error)}`);
            return;
        }
        if (this.#owner === owner) this.#set({ present: true, input: true });
    }

    #set(shell: { present: boolean; input: boolean }) {
        if (shell.present === this.#shell.present && shell.input === this.#shell.input) return;
        this.#shell = shell;
        this.emit('changed');
    }

    #arrival(): Promise<void> {
        return new Promise((resolve, reject) => {
            const changed = () => {
                if (!this.#owner) return;
                clearTimeout(timer);
                this.off('changed', changed);
                resolve();
            };
            const timer = setTimeout(() => {
                this.off('changed', changed);
                reject(
                    new UserError(
                        'The Bulkhead shell extension is not running: enable it in the Extensions app.'
                    )
                );
            }, limits.shellGrace);
            this.on('changed', changed);
        });
    }

    async #send({ spec, pid, startTime }: Registration) {
        const { domain } = spec;
        const registration = {
            ...stringVariants({ instance: spec.id, desktopId: spec.desktopId, appName: spec.app.name }),
            ...stringVariants({ domainId: domain.id, domainName: domain.name, domainColour: domain.colour }),
            ...stringVariants({ domainPattern: domain.pattern, domainEmblem: domain.emblem }),
            pid: new Variant('u', pid),
            startTime: new Variant('t', BigInt(startTime)),
        };
        await this.#call('RegisterInstance', [registration], CALL_DEADLINE);
    }

    /** Calls the owner by its unique name: an answer can come from nobody else, and its end ends the call. */
    #call(member: string, args: unknown[], timeout?: number): Promise<unknown[]> {
        if (!this.#owner)
            return Promise.reject(new UserError('The Bulkhead shell extension is not running.'));
        return this.#bus.callMember(this.#description, {
            destination: this.#owner,
            path: PATH,
            member,
            args,
            ...(timeout !== undefined && { timeout }),
        });
    }
}
