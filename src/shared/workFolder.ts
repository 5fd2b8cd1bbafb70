/** Folders for work in progress, named by the process that works, so that what a killed one left can be told and removed. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const pattern = /^\.work-(\d+)-/;

/** Removes the work folders in `parent` (made) of processes that are gone. */
export async function removeDeadWork(parent: string) {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    for (const name of await readdir(parent)) {
        const pid = pattern.exec(name)?.[1];
        if (pid && !existsSync(`/proc/${pid}`))
            await rm(join(parent, name), { recursive: true, force: true });
    }
}

/** Runs `work` with an empty folder in `parent`, which is there, and removes what is left of the folder. */
export async function inWorkFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(parent, `.work-${process.pid}-`));
    try {
        return await work(folder);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}
