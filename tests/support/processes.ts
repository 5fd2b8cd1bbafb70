/** What is on the machine: processes, sockets, mounts and files, to show that nothing is left behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ProcessInfo {
    pid: number;
    command: string;
}

/** Every process that we can see, but kernel threads and zombies. */
export function processes(): ProcessInfo[] {
    return readdirSync('/proc')
        .filter(name => /^\d+$/.test(name))
        .flatMap(pid => {
            try {
                const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
                return command ? [{ pid: Number(pid), command }] : [];
            } catch {
                return [];
            }
        });
}

export const isAlive = (pid: number) => processes().some(process => process.pid === pid);

/** Paths of all files, folders and sockets below `folder`, sorted; empty when there is no such folder. */
export async function listing(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const below = await Promise.all(
        entries.map(async entry => {
            const path = join(folder, entry.name);
            return entry.isDirectory() ? [path, ...(await listing(path))] : [path];
        })
    );
    return below.flat().sort();
}

/** Paths of the Unix sockets that processes listen on or are bound to. */
export async function boundSockets() {
    const table = await readFile('/proc/net/unix', 'utf8');
    return table
        .split('\n')
        .slice(1)
        .map(line => line.split(/\s+/)[7])
        .filter((path): path is string => path !== undefined && path.startsWith('/'));
}

export async function mountPoints() {
    const table = await readFile('/proc/self/mountinfo', 'utf8');
    return table
        .trim()
        .split('\n')
        .map(line => line.split(' ')[4]!);
}
