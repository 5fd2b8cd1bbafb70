/** Which VMM runs the machines here: the first in order of preference whose probe passed, with the reason shown. */
import type { Backend, BackendName, Probe } from './backend.js';
import { crosvm } from './crosvm.js';
import { probeKvm } from './kvmProbe.js';
import { findProgram, hasProgram } from './programs.js';
import { qemu } from './qemu.js';

export interface Choice {
    name: BackendName;
    /** Why this one, and why not those before it. */
    reason: string;
}

/** The first usable of `probes`, which are in order of preference. The last one must be usable. */
export function choose(probes: readonly (readonly [BackendName, Probe])[]): Choice {
    const index = probes.findIndex(([, probe]) => probe.usable);
    const chosen = probes[index];
    if (!chosen) throw new Error('no VMM is usable');

    const refused = probes.slice(0, index).map(([name, probe]) => `not ${name}: ${probe.reason}`);
    return { name: chosen[0], reason: [`${chosen[0]}: ${chosen[1].reason}`, ...refused].join('; ') };
}

/** Probes this machine. Throws UserError when QEMU, which every machine can run, is missing too. */
export async function selectBackend(): Promise<Choice & { backend: Backend }> {
    const kvm = await probeKvm();
    const crosvmProbe = hasProgram('crosvm') ? kvm : { usable: false, reason: 'it is not installed' };
    if (!crosvmProbe.usable) findProgram('qemu-system-x86_64');

    const choice = choose([
        ['crosvm', crosvmProbe],
        ['qemu-kvm', kvm],
        ['qemu-tcg', { usable: true, reason: 'QEMU in software runs everywhere' }],
    ]);
    return { ...choice, backend: await backendNamed(choice.name) };
}

/** The backend of that name, also one that a former daemon chose. */
export const backendNamed = (name: BackendName): Promise<Backend> =>
    name === 'crosvm' ? crosvm() : Promise.resolve(qemu(name === 'qemu-kvm' ? 'kvm' : 'tcg'));
