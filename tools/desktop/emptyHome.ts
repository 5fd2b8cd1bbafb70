/** Makes a home that of a new user again, so that no session learns what an earlier one left. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes everything below `folder` but `keep`, which may be mounted. */
export async function emptyHome(folder: string, keep: string): Promise<void> {
    for (const name of await readdir(folder)) {
        const path = join(folder, name);
        if (path === keep) continue;

        if (keep.startsWith(`${path}/`)) await emptyHome(path, keep);
        else await rm(path, { recursive: true, force: true });
    }
}
