/**
 * The border between the lifecycle of instances (src/instances, src/vm) and the policy of the daemon
 * (src/daemon, src/permissions): what each needs of the other, and nothing else.
 */
import type { AppManifest } from '../apps/manifest.js';
import type { Domain } from '../domains/domain.js';
import type { ProxyResource } from '../wayland-proxy/control.js';

/** starting: from launch to the first command running. running: commands run. stopped and failed are final. */
export type InstanceState = 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';

/** Stages of a start, in order; each is stamped once, in ms since the epoch. */
export type Stage = 'clicked' | 'requested' | 'vmm' | 'kernel' | 'agent' | 'app' | 'frame';
export type Timing = Partial<Record<Stage, number>>;

/** The processes of an instance, by what they do. */
export type Role = 'vsock' | 'vmm' | 'waypipe' | 'proxy';

/** A process that can be told from a later one with the same pid. */
export interface ProcessIdentity {
    pid: number;
    /** Field 22 of /proc/PID/stat: clock ticks since boot. */
    startTime: number;
}

/** Everything that stays the same for an instance's whole life. */
export interface InstanceSpec {
    id: string;
    app: AppManifest;
    domain: Domain;
    desktopId: string;
    /** Absolute paths, verified. */
    image: { kernel: string; initrd: string; base: string; layer: string };
}

/** What the extension is told of an instance before its proxy may connect. */
export interface Registration extends ProcessIdentity {
    spec: InstanceSpec;
}

/** The daemon's side: everything an instance must ask somebody else for. */
export interface InstancePolicy {
    /** Resolves when the extension has acknowledged the registration; rejects when there is no extension. */
    register(registration: Registration): Promise<void>;
    unregister(instance: string): void;
    /** One permission question. Resolves false on any doubt. `signal` aborts when the asker is gone. */
    ask(spec: InstanceSpec, resource: ProxyResource, detail: string, signal: AbortSignal): Promise<boolean>;
    /** Whether the extension is on the bus now, and whether it is back within the grace. */
    readonly shell: { present: boolean; input: boolean };
    /** One line of metadata for the audit log. */
    audit(event: { instance: string; event: string; detail?: string }): void;
}
