/** Folders that an installation makes on its way, remembered so that its undoing can take them away again. */
import { mkdir, readFile, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../src/shared/files.js';

export class FolderRecord {
    readonly #path: string;
    readonly #made: Set<string>;

    private constructor(path: string, made: string[]) {
        this.#path = path;
        this.#made = new Set(made);
    }

    /** Opens the record of earlier installations, or a new one. */
    static async open(path: string): Promise<FolderRecord> {
        const text = await readFile(path, 'utf8').catch(() => '{"folders":[]}');
        return new FolderRecord(path, (JSON.parse(text) as { folders: string[] }).folders);
    }

    /** Makes `folder` and those above it, and notes which were not there. */
    async make(folder: string) {
        const missing: string[] = [];
        for (let path = folder; !(await exists(path)); path = dirname(path)) missing.unshift(path);
        for (const path of missing) {
            await mkdir(path, { mode: 0o700 });
            this.#made.add(path);
        }
    }

    async save() {
        await writeFileAtomic(this.#path, JSON.stringify({ folders: [...this.#made] }));
    }

    /** Removes the noted folders that are empty, the deepest first. */
    async removeEmpty() {
        const deepestFirst = [...this.#made].sort((a, b) => b.length - a.length);
        for (const path of deepestFirst) await rmdir(path).catch(() => undefined);
    }
}

async function exists(path: string): Promise<boolean> {
    try {
        await stat(path);
        return true;
    } catch {
        return false;
    }
}
