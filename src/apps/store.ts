/**
 * The installed apps, read from `<folder>/<id>/manifest.json`. An app that cannot be read is a sentence in
 * `problems`; the others go on. Emits `changed` after the folder changed and was read again.
 */
import { EventEmitter } from 'node:events';
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded, readConfigFile } from '../shared/configFile.js';
import { describeError, UserError } from '../shared/errors.js';
import { idPattern } from '../shared/paths.js';
import { appManifest, type AppManifest } from './manifest.js';

/** A change to a folder comes as several events; we read once they have been quiet for this many ms. */
const QUIET = 200;

export interface InstalledApp {
    manifest: AppManifest;
    /** The icon's SVG source. */
    icon: string;
}

export class AppStore extends EventEmitter<{ changed: [] }> {
    apps: ReadonlyMap<string, InstalledApp> = new Map();
    /** One sentence for each app that cannot be used. */
    problems: readonly string[] = [];
    readonly #folder: string;
    #watchers: FSWatcher[] = [];
    #timer: NodeJS.Timeout | undefined;
    #closed = false;

    constructor(folder: string) {
        super();
        this.#folder = folder;
    }

    /** Reads all apps and watches for changes until `close`. */
    async open() {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        const ids = await this.#folders();
        this.#watch(ids);
        await this.#read(ids);
    }

    close() {
        this.#closed = true;
        clearTimeout(this.#timer);
        for (const watcher of this.#watchers) watcher.close();
        this.#watchers = [];
    }

    async #folders(): Promise<string[]> {
        const entries = await readdir(this.#folder, { withFileTypes: true });
        return entries
            .filter(entry => entry.isDirectory() && idPattern.test(entry.name))
            .map(entry => entry.name);
    }

    async #read(ids: string[]) {
        const apps = new Map<string, InstalledApp>();
        const problems: string[] = [];
        for (const id of ids.sort()) {
            try {
                apps.set(id, await readApp(join(this.#folder, id), id));
            } catch (error) {
                problems.push(error instanceof UserError ? error.message : describeError(error));
            }
        }
        this.apps = apps;
        this.problems = problems;
    }

    /** Watches are set before the read, so that no change falls between the two. */
    #watch(ids: string[]) {
        if (this.#closed) return;
        for (const watcher of this.#watchers) watcher.close();
        this.#watchers = [this.#folder, ...ids.map(id => join(this.#folder, id))].map(path =>
            watch(path, { persistent: false }, () => this.#touched()).on('error', () => this.#touched())
        );
    }

    async #readAgain() {
        try {
            await this.open();
            this.emit('changed');
        } catch (error) {
            console.error(`The apps could not be read again: ${describeError(error)}`);
        }
    }

    #touched() {
        clearTimeout(this.#timer);
        if (!this.#closed) this.#timer = setTimeout(() => void this.#readAgain(), QUIET);
    }
}

async function readApp(folder: string, id: string): Promise<InstalledApp> {
    const path = join(folder, 'manifest.json');
    const manifest = await readConfigFile(path, appManifest).catch((error: unknown) => {
        if (error instanceof UserError) throw error;
        throw new UserError(`${path} cannot be read: put the app's manifest there or remove its folder.`);
    });
    if (manifest.id !== id) {
        throw new UserError(
            `${path}: "id" is "${manifest.id}" but the folder is "${id}": make them the same.`
        );
    }

    const iconPath = join(folder, manifest.icon);
    const icon = await readBounded(iconPath).catch((error: unknown) => {
        if (error instanceof UserError) throw error;
        throw new UserError(`${path}: the icon ${iconPath} cannot be read: put it there or name another.`);
    });
    return { manifest, icon };
}
