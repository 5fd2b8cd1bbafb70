/** Folders for work in progress, named by the process that works, so that what a killed one left can be told and removed. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const pattern = /^\.making-(\d+)-/;

/** Runs `work` with an empty folder in `parent` (made), and removes it. Leftovers of processes that are gone go first. */
export async function withWorkFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
    await mkdir(parent, { recursive: true });
    for (const name of await readdir(parent)) {
        const pid = pattern.exec(name)?.[1];
        if (pid && !existsSync(`/proc/${pid}`))
            await rm(join(parent, name), { recursive: true, force: true });
    }
    const folder = await mkdtemp(join(parent, `.making-${process.pid}-`));
    try {
        return await work(folder);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}
