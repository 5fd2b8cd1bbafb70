/**
 * Builds a guest image from its recipe: Debian roots, the kernel, erofs layers, the initrd, and image.json that
 * names them all by their hashes. Every slow step is cached by what it was made from, so a build that was
 * interrupted goes on where it stopped and a changed agent remakes the initrd only.
 */
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { assembleImage, isWhole } from './assemble.js';
import { StepCache } from './cache.js';
import { debianTar } from './debianTree.js';
import { makeErofs } from './erofs.js';
import { standInLibraries } from './standInLibrary.js';
import { makeInitrd } from './initrd.js';
import { unpackKernel } from './kernel.js';
import { writeBase, writeLayer } from './layers.js';
import { recipeSchema, type Content, type Recipe } from './recipe.js';
import { readFileOf, type RootIndex } from './rootTar.js';
import type { RunTool } from './runTool.js';
import { demandSpace, explainFullDisk } from './space.js';
import { pool } from './pool.js';

/** Raised when a change of this code changes what a step holds. */
const stepFormat = 1;
/** Disk that a build from nothing takes at its peak (measured 2026-11, with a third to spare). */
const neededBytes = 4e9;
/** Debian roots made at once: each keeps one processor busy. */
const rootsAtOnce = 2;

export interface BuildOptions {
    /** As guest/recipe.ts has it; parsed here. */
    recipe: unknown;
    /** dist/guest: agent.js and init/. */
    guest: string;
    /** Where finished steps are kept. */
    cache: string;
    /** Where the image's folder is put. */
    images: string;
    runTool: RunTool;
    /** Told what begins or is done now, and how many of the steps are done. */
    progress: (what: string, done: number, of: number) => void;
}

/** The folder of the image that the recipe makes, built if need be. Throws UserError when the disk is too small. */
export async function buildImage(options: BuildOptions): Promise<string> {
    const recipe = recipeSchema.parse(options.recipe);
    const cache = await StepCache.open(options.cache);
    const build = new Build(options, recipe, cache);
    if (!build.complete) await demandSpace(options.cache, neededBytes);
    return explainFullDisk(options.cache, neededBytes, () => build.run());
}

class Build {
    readonly #options: BuildOptions;
    readonly #recipe: Recipe;
    readonly #cache: StepCache;
    readonly #limit = pool(rootsAtOnce);
    #done = 0;

    constructor(options: BuildOptions, recipe: Recipe, cache: StepCache) {
        this.#options = options;
        this.#recipe = recipe;
        this.#cache = cache;
    }

    /** True when all slow steps are in the cache. */
    get complete() {
        const layers = Object.entries(this.#recipe.layers);
        return (
            this.#cache.has('kernel', this.#kernelFrom) &&
            this.#cache.has('base', this.#baseFrom) &&
            layers.every(([name, layer]) => this.#cache.has(`layer-${name}`, this.#layerFrom(layer)))
        );
    }

    async run(): Promise<string> {
        if (this.complete) {
            const known = await this.#known();
            if (known) return known;
            await this.#cache.dropDamaged();
        }
        const base = this.#step('the base layer', () => this.#base());
        const layers = Object.entries(this.#recipe.layers).map(([name, layer]) =>
            this.#step(
                `the layer "${name}"`,
                async () => [name, await this.#layer(name, layer, base)] as const
            )
        );
        const kernel = this.#step('the kernel', () => this.#kernel());
        // All end before the first failure is told: what the others made is kept, and nothing runs on unseen.
        await Promise.allSettled([base, kernel, ...layers]);

        const [kernelFolder, baseFolder] = [await kernel, await base];
        return this.#step('the image', async () => {
            const initrd = await this.#initrd(kernelFolder, baseFolder);
            const image = await assembleImage(this.#options.images, {
                kernel: join(kernelFolder, 'vmlinux'),
                initrd,
                base: join(baseFolder, 'base.erofs'),
                layers: Object.fromEntries(await Promise.all(layers)),
            });
            await this.#cache.remove('image', this.#imageFrom(initrd));
            await this.#cache.step('image', this.#imageFrom(initrd), folder =>
                writeFile(join(folder, 'id'), basename(image))
            );
            return image;
        });
    }

    /** The image that an earlier build made of the same steps and agent, when it is still there and whole. */
    async #known(): Promise<string | undefined> {
        const initrd = await this.#initrd(
            this.#cache.path('kernel', this.#kernelFrom),
            this.#cache.path('base', this.#baseFrom)
        );
        const from = this.#imageFrom(initrd);
        if (!this.#cache.has('image', from)) return undefined;
        const id = await readFile(join(this.#cache.path('image', from), 'id'), 'utf8');
        const image = join(this.#options.images, id);
        return (await isWhole(image, join(this.#options.cache, 'verified.json'))) ? image : undefined;
    }

    #imageFrom(initrd: Buffer) {
        const { layers } = this.#recipe;
        return [this.#kernelFrom, this.#baseFrom, layers, createHash('sha256').update(initrd).digest('hex')];
    }

    async #step<T>(what: string, make: () => Promise<T>): Promise<T> {
        const of = Object.keys(this.#recipe.layers).length + 3;
        this.#options.progress(what, this.#done, of);
        const result = await make();
        this.#options.progress(what, ++this.#done, of);
        return result;
    }

    get #kernelFrom() {
        return [stepFormat, this.#recipe.suite, this.#recipe.kernel];
    }

    #kernel() {
        const { kernel, suite } = this.#recipe;
        return this.#cache.step('kernel', this.#kernelFrom, async folder => {
            const tar = join(folder, 'package.tar');
            await debianTar({ suite, variant: 'extract', packages: [kernel.package], tar });
            const modules = await unpackKernel(this.#options.runTool, folder, 'package.tar', kernel.modules);
            for (const { name, content } of modules) await writeFile(join(folder, name), content);
            await writeFile(join(folder, 'order'), JSON.stringify(modules.map(({ name }) => name)));
            await rm(tar);
        });
    }

    get #baseFrom() {
        const { suite, epoch, finish, base, standIns } = this.#recipe;
        return [stepFormat, suite, epoch, finish, base, standIns.program];
    }

    async #base() {
        const { epoch, base } = this.#recipe;
        return this.#cache.step('base', this.#baseFrom, async folder => {
            const root = await this.#root(base.packages);
            const index = await writeBase(root, join(folder, 'base.tar'), this.#recipe);
            await makeErofs(this.#options.runTool, folder, 'base.tar', 'base.erofs', epoch);
            await rm(join(folder, 'base.tar'));
            await writeFile(join(folder, 'index.json'), JSON.stringify([...index]));
            await writeFile(join(folder, 'busybox'), await readFileOf(root, 'usr/bin/busybox'));
            await writeFile(join(folder, 'program'), await readFileOf(root, this.#recipe.standIns.program));
            await this.#dropRoot(base.packages);
        });
    }

    #layerFrom(layer: Content) {
        return [this.#baseFrom, layer];
    }

    /** The path of an app's layer, over the base that `base` resolves to the folder of. */
    async #layer(name: string, layer: Content, base: Promise<string>) {
        const folder = await this.#cache.step(`layer-${name}`, this.#layerFrom(layer), async folder => {
            const packages = [...this.#recipe.base.packages, ...layer.packages];
            const root = await this.#root(packages);
            const index: RootIndex = new Map(
                JSON.parse(await readFile(join(await base, 'index.json'), 'utf8')) as [string, string][]
            );
            await writeLayer(root, join(folder, 'layer.tar'), this.#recipe, layer, index);
            await makeErofs(this.#options.runTool, folder, 'layer.tar', 'layer.erofs', this.#recipe.epoch);
            await rm(join(folder, 'layer.tar'));
            await this.#dropRoot(packages);
        });
        return join(folder, 'layer.erofs');
    }

    #rootFrom(packages: readonly string[]) {
        const { suite, epoch, finish } = this.#recipe;
        return [stepFormat, suite, epoch, finish, packages];
    }

    /** The tar of a Debian root: kept until the layer that is made of it is whole. */
    async #root(packages: readonly string[]) {
        const { suite, epoch, finish } = this.#recipe;
        const folder = await this.#limit(() =>
            this.#cache.step('root', this.#rootFrom(packages), async folder => {
                const tar = join(folder, 'root.tar');
                await debianTar({ suite, variant: 'essential', packages, epoch, finish, tar });
            })
        );
        return join(folder, 'root.tar');
    }

    #dropRoot(packages: readonly string[]) {
        return this.#cache.remove('root', this.#rootFrom(packages));
    }

    async #initrd(kernel: string, base: string): Promise<Buffer> {
        const { guest } = this.#options;
        const order = JSON.parse(await readFile(join(kernel, 'order'), 'utf8')) as string[];
        return makeInitrd({
            busybox: await readFile(join(base, 'busybox')),
            modules: await Promise.all(
                order.map(async name => ({ name, content: await readFile(join(kernel, name)) }))
            ),
            libraries: standInLibraries(this.#recipe.standIns, await readFile(join(base, 'program'))),
            init: await readFile(join(guest, 'init/init')),
            stage2: await readFile(join(guest, 'init/stage2')),
            session: await readFile(join(guest, 'init/session')),
            agent: await readFile(join(guest, 'agent.js')),
        });
    }
}
