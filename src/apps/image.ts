/** The files of an image that one app boots from, as absolute paths of verified files. */
import { join } from 'node:path';
import type { ImageManifest } from '../images/image.js';
import type { InstanceSpec } from '../instances/types.js';
import { UserError } from '../shared/errors.js';
import type { AppManifest } from './manifest.js';

/** Checks every file of the image in `folder` against its hash. Throws UserError. */
export type VerifyImage = (folder: string) => Promise<ImageManifest>;

/** The same check, run once at a time for each image: who asks meanwhile gets the answer of the run under way. */
export function oneAtATime(verify: VerifyImage): VerifyImage {
    const running = new Map<string, Promise<ImageManifest>>();
    return folder => {
        const run = running.get(folder) ?? verify(folder).finally(() => running.delete(folder));
        running.set(folder, run);
        return run;
    };
}

/** Throws UserError when the image is missing or damaged, or has no such layer. */
export async function resolveImage(
    manifest: AppManifest,
    images: string,
    verify: VerifyImage
): Promise<InstanceSpec['image']> {
    const folder = join(images, manifest.image);
    const { kernel, initrd, base, layers } = await verify(folder);
    const layer = Object.hasOwn(layers, manifest.layer) ? layers[manifest.layer] : undefined;
    if (!layer) {
        throw new UserError(
            `${manifest.name} needs the layer "${manifest.layer}", which its image does not have: install the app again.`
        );
    }

    const file = ({ name }: { name: string }) => join(folder, name);
    return { kernel: file(kernel), initrd: file(initrd), base: file(base), layer: file(layer) };
}
