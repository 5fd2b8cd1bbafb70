/**
 * What a new daemon does with the folder of an instance that a former one left: takes the instance over when it is complete
 * and alive, else ends every process of it and removes the folder.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { identify, isAlive, killProcess, vanished } from '../vm/processIdentity.js';
import { readRecord } from './record.js';
import type { InstanceRecord } from './record.js';
import { removeRuntimeFolder, roles } from './runtimeFolder.js';
import type { RuntimeFolder } from './runtimeFolder.js';
import type { ProcessIdentity, Role } from './types.js';

/** Programs of an instance. Others whose command line names the folder (an editor, ls) are not ours to end. */
const programs = new Set([
    'bwrap',
    'qemu-system-x86_64',
    'crosvm',
    'vhost-device-vsock',
    'waypipe',
    'node',
    'nodejs',
]);

export type CompleteRecord = InstanceRecord & { processes: Record<Role, ProcessIdentity> };

/** Whether the recorded instance was running and every process of it still is. */
export function isAdoptable(record: InstanceRecord | undefined): record is CompleteRecord {
    return record?.state === 'running' && roles.every(role => isRunning(record.processes[role]));
}

const isRunning = (identity: ProcessIdentity | undefined) => identity !== undefined && isAlive(identity);

/** Ends whatever still runs for the instance of `folder`, and removes the folder. Nothing of it is left when this resolves. */
export async function cleanUp(folder: RuntimeFolder): Promise<void> {
    const record = await readRecord(folder.record);
    const recorded = Object.values(record?.processes ?? {}).filter(identity => identity !== undefined);
    // A daemon killed between the start of a process and its record leaves one that only its command line betrays.
    const processes = [...recorded, ...processesNaming(folder.root)];
    for (const identity of processes) killProcess(identity);
    await Promise.all(processes.map(vanished));
    await removeRuntimeFolder(folder);
}

/** The living processes of this user that run one of our programs on a path in `root`. */
export function processesNaming(root: string): ProcessIdentity[] {
    const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name) && Number(name) !== process.pid);
    return pids.flatMap(pid => (names(pid, `${root}/`) ? (identify(Number(pid)) ?? []) : []));
}

function names(pid: string, prefix: string) {
    try {
        if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return false;
        const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return programs.has(basename(argv[0] ?? '')) && argv.some(argument => argument.includes(prefix));
    } catch {
        // It ended while we looked.
        return false;
    }
}
