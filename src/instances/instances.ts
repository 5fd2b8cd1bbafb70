/** The instances of one user: started, found again after a daemon's end, and listed until nothing of them is left. */
import { EventEmitter } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { idPattern } from '../shared/paths.js';
import type { UserPaths } from '../shared/paths.js';
import type { Backend, BackendName } from '../vm/backend.js';
import { backendNamed, selectBackend } from '../vm/select.js';
import type { Choice } from '../vm/select.js';
import { Instance } from './instance.js';
import type { InstanceWorld } from './instance.js';
import { readRecord } from './record.js';
import { cleanUp, isAdoptable } from './recovery.js';
import { runtimeFolder } from './runtimeFolder.js';
import type { InstancePolicy, InstanceSpec } from './types.js';

export interface InstancesOptions {
    paths: Pick<UserPaths, 'runtime' | 'state' | 'compositorSocket'>;
    policy: InstancePolicy;
    programs: {
        /** dist/wayland-proxy.mjs; node_modules/koffi is found from there as Node finds it. */
        proxy: string;
    };
}

/** Events: `added` and `removed`. A failed instance stays until it is launched again. */
export class Instances extends EventEmitter<{ added: [Instance]; removed: [Instance] }> {
    readonly #options: InstancesOptions;
    readonly #instances = new Map<string, Instance>();
    #selected: ReturnType<typeof selectBackend> | undefined;

    constructor(options: InstancesOptions) {
        super();
        this.#options = options;
    }

    /** Takes over every complete instance that a former daemon left running; ends and removes the others. */
    async recover(): Promise<void> {
        const { runtime } = this.#options.paths;
        const names = await readdir(runtime).catch(() => []);
        await Promise.all(names.filter(name => idPattern.test(name)).map(id => this.#recover(id)));
    }

    /** Starts the instance, or opens one more window in it when it runs. Throws UserError when it has too many. */
    launch(spec: InstanceSpec, clickedAt?: number): Instance {
        const known = this.#instances.get(spec.id);
        if (known?.state === 'starting' || known?.state === 'running') {
            known.runAgain();
            return known;
        }
        // One that is still ending keeps the folder until it is gone.
        if (known) this.#remove(known);
        const instance = this.#add(spec);
        instance.start(known?.gone ?? Promise.resolve(), clickedAt);
        return instance;
    }

    get(id: string): Instance | undefined {
        return this.#instances.get(id);
    }

    list(): Instance[] {
        return [...this.#instances.values()];
    }

    /** The policy's `shell` is another than before: tells every proxy. */
    shellChanged() {
        for (const instance of this.list()) instance.shellChanged();
    }

    /** Which VMM is used here and why. Probed once. Rejects with UserError when none is installed. */
    async backend(): Promise<Choice> {
        const { name, reason } = await this.#select();
        return { name, reason };
    }

    async #recover(id: string) {
        const folder = runtimeFolder(join(this.#options.paths.runtime, id));
        const record = await readRecord(folder.record);
        if (isAdoptable(record) && record.spec.id === id) this.#add(record.spec).adopt(record);
        else await cleanUp(folder);
    }

    #add(spec: InstanceSpec) {
        const instance = new Instance(spec, this.#world(spec.id));
        this.#instances.set(spec.id, instance);
        void instance.gone.then(() => {
            if (instance.state === 'stopped') this.#remove(instance);
        });
        this.emit('added', instance);
        return instance;
    }

    #remove(instance: Instance) {
        if (this.#instances.get(instance.spec.id) !== instance) return;
        this.#instances.delete(instance.spec.id);
        this.emit('removed', instance);
    }

    #world(id: string): InstanceWorld {
        const { paths, policy, programs } = this.#options;
        return {
            policy,
            folder: runtimeFolder(join(paths.runtime, id)),
            proxyScript: programs.proxy,
            compositorSocket: paths.compositorSocket,
            failureLog: join(paths.state, 'failures', `${id}.log`),
            backend: name => this.#backend(name),
        };
    }

    async #backend(name?: BackendName): Promise<Backend> {
        return name === undefined ? (await this.#select()).backend : backendNamed(name);
    }

    /** A failed probe is tried again: the person may have installed what was missing. */
    #select() {
        this.#selected ??= selectBackend().catch((error: unknown) => {
            this.#selected = undefined;
            throw error;
        });
        return this.#selected;
    }
}
