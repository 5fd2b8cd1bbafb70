/** vhost-device-vsock from Debian sid: trixie and older lack it, and it needs no more than their libc. */
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { debianTree } from '../../src/images/debianTree.js';

const name = 'vhost-device-vsock';

/** The program's path under `cache`, fetched first if need be (some seconds). */
export async function ensureVsockDevice(cache: string, report: (detail: string) => void = () => undefined) {
    const programs = join(cache, 'programs');
    const path = join(programs, name);
    if (existsSync(path)) return path;

    await mkdir(programs, { recursive: true });
    const folder = await mkdtemp(join(programs, '.making-'));
    try {
        const tree = join(folder, 'tree');
        await debianTree({ suite: 'sid', variant: 'extract', packages: [name], folder: tree, report });
        const made = join(folder, name);
        await copyFile(join(tree, 'usr/bin', name), made);
        await chmod(made, 0o755);
        await rename(made, path);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
    return path;
}
