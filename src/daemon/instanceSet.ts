/** What the daemon needs of src/instances, by shape: the services can be tested on a real bus without a VM. */
import type { EventEmitter } from 'node:events';
import type {
    InstanceSpec,
    InstanceState,
    ProcessIdentity,
    Role,
    Stage,
    Timing,
} from '../instances/types.js';

export interface InstanceLike extends EventEmitter {
    readonly spec: InstanceSpec;
    readonly state: InstanceState;
    /** One sentence when the state is failed. */
    readonly reason: string | undefined;
    readonly timing: Timing;
    readonly processes: Partial<Record<Role, ProcessIdentity>>;
    /** Resolve when all is gone. */
    stop(): Promise<void>;
    kill(): Promise<void>;
    stamp(stage: Stage, ms: number): void;
}

/** Emits `added` and `removed`, each with the instance. */
export interface InstanceSet extends EventEmitter {
    recover(): Promise<void>;
    launch(spec: InstanceSpec, clickedAt?: number): InstanceLike;
    get(id: string): InstanceLike | undefined;
    list(): InstanceLike[];
    /** The policy's `shell` has changed. */
    shellChanged(): void;
    backend(): Promise<{ name: string; reason: string }>;
}
