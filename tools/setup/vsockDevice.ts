/** vhost-device-vsock from Debian sid: trixie and older lack it, and it needs no more than their libc. */
import { existsSync } from 'node:fs';
import { chmod, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { debianTree } from '../../src/images/debianTree.js';
import { inWorkFolder, removeDeadWork } from '../../src/shared/workFolder.js';

const name = 'vhost-device-vsock';

/** The program's path under `cache`, fetched first if need be (some seconds). */
export async function ensureVsockDevice(cache: string, report: (detail: string) => void = () => undefined) {
    const programs = join(cache, 'programs');
    const path = join(programs, name);
    if (existsSync(path)) return path;

    await removeDeadWork(programs);
    await inWorkFolder(programs, async folder => {
        await debianTree({ suite: 'sid', variant: 'extract', packages: [name], folder, report });
        const made = join(folder, 'usr/bin', name);
        await chmod(made, 0o755);
        await rename(made, path);
    });
    return path;
}
