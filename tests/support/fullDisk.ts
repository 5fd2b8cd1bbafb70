/**
 * Run on its own, with a folder of a small file system as its argument: begins an image build there, then fills the disk
 * in the middle of a step, and prints what came of both as JSON.
 */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recipe } from '../../guest/recipe.js';
import { buildImage } from '../../src/images/build.js';
import { StepCache } from '../../src/images/cache.js';
import { explainFullDisk } from '../../src/images/space.js';

const folder = process.argv[2]!;
const cache = await StepCache.open(folder);
const step = (name: string, bytes: number) =>
    cache.step(name, bytes, work => writeFile(join(work, 'file'), Buffer.alloc(bytes, 1)));
const sentence = (error: Error) => `${error.name}: ${error.message}`;

await step('whole', 1e6);
const begun = await buildImage({
    recipe,
    guest: folder,
    cache: folder,
    images: join(folder, 'images'),
    runTool: () => Promise.reject(new Error('a tool was run')),
    progress: () => undefined,
}).catch(sentence);
const midway = await explainFullDisk(folder, 4e9, () => step('too-large', 64e6)).catch(sentence);
console.log(JSON.stringify({ begun, midway, left: await readdir(folder) }));
