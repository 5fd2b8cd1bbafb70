/** What a VMM is to the code that runs machines: a command line, and a handle on its life and death. */
import type { Confinement } from './sandbox.js';
import type { HelperProcess } from './helperProcess.js';

export type BackendName = 'crosvm' | 'qemu-kvm' | 'qemu-tcg';

/** One virtual machine. Paths are absolute; its folders exist. */
export interface MachineConfig {
    name: string;
    kernel: string;
    initrd: string;
    /** Read-only disks, in order: vda, vdb … */
    disks: readonly string[];
    memoryMiB: number;
    cpus: number;
    /** The VMM's own folder: its control socket and what it writes. */
    folder: string;
    /** Socket of the vsock device, in the vsock device's folder. */
    vsockSocket: string;
}

/** Why a machine ended. `clean`: the guest powered itself off, or we ended it. `reason`: one sentence for a person. */
export interface MachineEnd {
    clean: boolean;
    reason: string;
}

/** A running VMM. */
export interface VmmControl {
    /** Resolves when the VMM process is gone. */
    readonly ended: Promise<MachineEnd>;
    /** The last of what the guest's kernel wrote to its console, at most 32 KiB; empty if the VMM keeps none. */
    console(): Promise<string>;
    /** Ends the VMM in good order, without asking the guest. */
    quit(): void;
}

export interface Backend {
    readonly name: BackendName;
    /** How the VMM is started, and the files that it sees. */
    confinement(config: MachineConfig): Confinement;
    /** Takes hold of the VMM that runs as `process`, just started or found again. */
    attach(process: HelperProcess, folder: string, signal: AbortSignal): Promise<VmmControl>;
}

/** What a backend's probe found: whether it can run a guest here, and the evidence. */
export interface Probe {
    usable: boolean;
    reason: string;
}

/**
 * The kernel's command line: where its console is, that a crash ends it, and to probe for less. Each of the last ones was
 * measured to save time under TCG; none turns a protection of the guest off. Not `tsc=reliable`: on a loaded host the guest's
 * clock then ran 17 times too fast (measured).
 */
export const guestCommandLine = (console: string) =>
    `console=${console} quiet loglevel=3 panic=-1 no_timer_check i8042.noaux i8042.nokbd cryptomgr.notests audit=0`;
