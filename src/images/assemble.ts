/**
 * Puts an image's files into its folder, which is named by the sha256 of image.json and appears at once or not
 * at all. Files are hard-linked from the cache where the file system allows it.
 */
import { createHash } from 'node:crypto';
import { chmod, copyFile, link, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageFile, ImageManifest } from './image.js';
import { sha256File, verifyImage } from './verify.js';

export interface ImageParts {
    kernel: string;
    initrd: Uint8Array;
    base: string;
    layers: Record<string, string>;
}

/** Returns the folder of the image made of `parts`, in the folder `images`. */
export async function assembleImage(images: string, parts: ImageParts): Promise<string> {
    await mkdir(images, { recursive: true, mode: 0o700 });
    const work = await mkdtemp(join(images, '.making-'));
    try {
        const manifest = await fill(work, parts);
        const text = `${JSON.stringify(manifest, null, 2)}\n`;
        await writeFile(join(work, 'image.json'), text, { mode: 0o444 });
        const place = join(images, createHash('sha256').update(text).digest('hex'));
        if (!(await isWhole(place))) {
            await rm(place, { recursive: true, force: true });
            await rename(work, place);
        }
        return place;
    } finally {
        await rm(work, { recursive: true, force: true });
    }
}

/** True when the image in `folder` is there and undamaged. `cacheFile`: as for verifyImage. */
export const isWhole = (folder: string, cacheFile?: string) =>
    verifyImage(folder, cacheFile).then(
        () => true,
        () => false
    );

async function fill(folder: string, parts: ImageParts): Promise<ImageManifest> {
    const put = async (from: string, name: string): Promise<ImageFile> => {
        const to = join(folder, name);
        await link(from, to).catch(() => copyFile(from, to));
        await chmod(to, 0o444);
        return describe(to, name);
    };
    await writeFile(join(folder, 'initrd'), parts.initrd, { mode: 0o444 });

    const layers: Record<string, ImageFile> = {};
    for (const name of Object.keys(parts.layers).sort())
        layers[name] = await put(parts.layers[name]!, `${name}.erofs`);

    return {
        format: 1,
        kernel: await put(parts.kernel, 'vmlinux'),
        initrd: await describe(join(folder, 'initrd'), 'initrd'),
        base: await put(parts.base, 'base.erofs'),
        layers,
    };
}

async function describe(path: string, name: string): Promise<ImageFile> {
    return { name, sha256: await sha256File(path), size: (await stat(path)).size };
}
