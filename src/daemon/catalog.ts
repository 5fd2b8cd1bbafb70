/**
 * The apps and domains that are there now, and what launching one means: its domain, its verified image, its default
 * instance (whose id is the app's). Keeps the desktop entries in step.
 */
import { oneAtATime, resolveImage, type VerifyImage } from '../apps/image.js';
import type { AppStore } from '../apps/store.js';
import { loadDomains } from '../domains/domains.js';
import type { Domain } from '../domains/domain.js';
import { type Entry, type EntryFolders, syncEntries } from '../desktop/entries.js';
import type { InstanceSpec } from '../instances/types.js';
import { describeError, UserError } from '../shared/errors.js';
import { desktopId, type UserPaths } from '../shared/paths.js';

export interface CatalogParts {
    paths: UserPaths;
    store: AppStore;
    verify: VerifyImage;
    /** The CLI's argument vector for desktop entries. */
    launcher: readonly string[];
}

export class Catalog {
    readonly #parts: CatalogParts;
    readonly #folders: EntryFolders;
    #syncing: Promise<void> = Promise.resolve();

    constructor(parts: CatalogParts) {
        this.#parts = { ...parts, verify: oneAtATime(parts.verify) };
        this.#folders = { applications: parts.paths.applications, icons: `${parts.paths.data}/icons` };
    }

    /** Reads the apps, writes the desktop entries, and does so again at each change. */
    async open() {
        await this.#parts.store.open();
        this.#parts.store.on('changed', () => void this.#follow());
        await this.#follow();
    }

    /** Follows the apps no longer. */
    close() {
        this.#parts.store.close();
    }

    /** The apps whose domain exists. */
    async entries(): Promise<Entry[]> {
        const domains = await this.domains();
        return [...this.#parts.store.apps.values()].flatMap(({ manifest, icon }) => {
            const domain = domains.find(({ id }) => id === manifest.domain);
            return domain ? [{ instance: manifest.id, app: manifest, icon, domain }] : [];
        });
    }

    /** Read at each use: a person's change holds from the next launch on. Throws UserError. */
    domains(): Promise<readonly Domain[]> {
        return loadDomains(this.#parts.paths.domains);
    }

    /** Everything that an instance of the app needs. Undefined when there is no such app. Throws UserError. */
    async spec(app: string): Promise<InstanceSpec | undefined> {
        const { paths, store, verify } = this.#parts;
        const manifest = store.apps.get(app)?.manifest;
        if (!manifest) return undefined;

        const domain = (await this.domains()).find(({ id }) => id === manifest.domain);
        if (!domain) {
            throw new UserError(
                `${manifest.name} is in the domain "${manifest.domain}", which does not exist: add it to ${paths.domains}.`
            );
        }

        const image = await resolveImage(manifest, paths.images, verify);
        return { id: app, app: manifest, domain, desktopId: desktopId(app), image };
    }

    /** The sentence for an app that is there and cannot be used, or undefined. */
    problemOf(app: string): string | undefined {
        return this.#parts.store.problems.find(problem =>
            problem.includes(`${this.#parts.paths.apps}/${app}/`)
        );
    }

    #follow(): Promise<void> {
        this.#syncing = this.#syncing.then(async () => {
            for (const problem of this.#parts.store.problems) console.error(problem);
            try {
                await syncEntries(await this.entries(), this.#folders, this.#parts.launcher);
            } catch (error) {
                console.error(`The desktop entries were not updated: ${describeError(error)}`);
            }
        });
        void this.#syncing.then(() => this.#checkImages());
        return this.#syncing;
    }

    /** Hashing an image takes a second or two: done before the first click, it costs that click nothing. */
    async #checkImages() {
        for (const app of this.#parts.store.apps.keys())
            await this.spec(app).catch((error: unknown) => console.error(describeError(error)));
    }
}
