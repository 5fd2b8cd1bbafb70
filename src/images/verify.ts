/**
 * Says whether an image on disk is what was built. Each file is hashed once; afterwards its size, time and inode
 * stand for the hash, remembered in a cache file. Every failure is one sentence that says what to do.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { UserError } from '../shared/errors.js';
import { writeFileAtomic } from '../shared/files.js';
import { imageManifest, type ImageFile, type ImageManifest } from './image.js';

/** Path → size, times and inode of a file that had the hash its image demands. */
const seenSchema = z.record(z.string(), z.string());
type Seen = z.infer<typeof seenSchema>;

/** The manifest of the image in `folder`, whose every file is whole. Throws UserError. */
export async function verifyImage(folder: string, cacheFile?: string): Promise<ImageManifest> {
    const manifest = await readManifest(folder);
    const seen = cacheFile === undefined ? {} : await readSeen(cacheFile);
    const files = [manifest.kernel, manifest.initrd, manifest.base, ...Object.values(manifest.layers)];
    let learned = false;
    for (const file of files) learned = (await verifyFile(folder, file, seen)) || learned;
    if (learned && cacheFile !== undefined) await writeFileAtomic(cacheFile, JSON.stringify(seen));
    return manifest;
}

/** Reads image.json, which must have the hash that the folder is named by. */
async function readManifest(folder: string): Promise<ImageManifest> {
    const content = await readFile(join(folder, 'image.json')).catch((cause: unknown) => {
        throw broken(folder, 'has no image.json', cause);
    });
    const hash = createHash('sha256').update(content).digest('hex');
    if (hash !== basename(folder)) throw broken(folder, 'has an image.json that was changed');

    try {
        return imageManifest.parse(JSON.parse(content.toString()));
    } catch (cause) {
        throw broken(folder, 'is of a format that this version does not know', cause);
    }
}

/** True when the file had to be hashed. */
async function verifyFile(folder: string, file: ImageFile, seen: Seen): Promise<boolean> {
    const path = join(folder, file.name);
    const found = await stat(path, { bigint: true }).catch((cause: unknown) => {
        throw broken(folder, `lacks ${file.name}`, cause);
    });
    if (found.size !== BigInt(file.size)) throw broken(folder, `has a damaged ${file.name}`);

    const state = [file.sha256, found.size, found.mtimeNs, found.ctimeNs, found.ino].join(' ');
    if (seen[path] === state) return false;
    if ((await sha256File(path)) !== file.sha256) throw broken(folder, `has a damaged ${file.name}`);

    seen[path] = state;
    return true;
}

/** What is remembered; nothing, when the cache file is missing or not ours. */
async function readSeen(cacheFile: string): Promise<Seen> {
    try {
        return seenSchema.parse(JSON.parse(await readFile(cacheFile, 'utf8')));
    } catch {
        return {};
    }
}

/** The sha256 of a file's content, in hex. */
export async function sha256File(path: string): Promise<string> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
}

const broken = (folder: string, what: string, cause?: unknown) =>
    new UserError(`The guest image ${folder} ${what}: run "npm run install:user" to make it again.`, {
        cause,
    });
