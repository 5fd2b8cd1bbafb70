/**
 * Finished steps of a build, each a folder named by the hash of what it was made from. A step is made in a work
 * folder and renamed when it is whole, so an interrupted build leaves nothing half-made under a step's name.
 * The hashes of its files are kept beside them.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inWorkFolder, removeDeadWork } from '../shared/workFolder.js';
import { sha256File } from './verify.js';

/** In each step's folder: the sha256 of every other file. */
const hashesName = 'hashes.json';

export class StepCache {
    readonly #folder: string;

    private constructor(folder: string) {
        this.#folder = folder;
    }

    /** Opens the cache in `folder`, made if need be, and removes what a killed build left. */
    static async open(folder: string) {
        await removeDeadWork(folder);
        return new StepCache(folder);
    }

    /**
     * The folder that `make` filled, now or in an earlier build with the same `name` and `from`.
     * `from` is all that decides the result.
     */
    async step(name: string, from: unknown, make: (folder: string) => Promise<void>): Promise<string> {
        const place = this.path(name, from);
        if (existsSync(place)) return place;

        await inWorkFolder(this.#folder, async work => {
            await make(work);
            await writeFile(join(work, hashesName), JSON.stringify(await hashFiles(work)));
            await rename(work, place);
        });
        return place;
    }

    /** Removes the steps whose files are not what was made: the next build makes them again. */
    async dropDamaged() {
        for (const name of await readdir(this.#folder)) {
            const place = join(this.#folder, name);
            if (!existsSync(join(place, hashesName))) continue;
            const made = await readFile(join(place, hashesName), 'utf8');
            if (JSON.stringify(await hashFiles(place)) !== made)
                await rm(place, { recursive: true, force: true });
        }
    }

    has(name: string, from: unknown) {
        return existsSync(this.path(name, from));
    }

    async remove(name: string, from: unknown) {
        await rm(this.path(name, from), { recursive: true, force: true });
    }

    path(name: string, from: unknown) {
        const hash = createHash('sha256')
            .update(JSON.stringify([name, from]))
            .digest('hex');
        return join(this.#folder, `${name}-${hash.slice(0, 24)}`);
    }
}

async function hashFiles(folder: string): Promise<Record<string, string>> {
    const names = (await readdir(folder)).filter(name => name !== hashesName).sort();
    const hashes: Record<string, string> = {};
    for (const name of names) hashes[name] = await sha256File(join(folder, name));
    return hashes;
}
