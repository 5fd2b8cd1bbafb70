/**
 * A guest image: a folder named by the sha256 of its image.json, which names every file by its own sha256.
 * Shared by all instances and never written to after it was made.
 */
import { z } from 'zod';
import { idPattern } from '../shared/paths.js';

const file = z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    size: z.int().positive(),
});
export type ImageFile = z.infer<typeof file>;

export const imageManifest = z.strictObject({
    format: z.literal(1),
    /** Uncompressed ELF vmlinux. */
    kernel: file,
    initrd: file,
    /** erofs: the first virtio-blk disk (vda). */
    base: file,
    /** erofs, by app layer name: the second disk (vdb), laid over the base. */
    layers: z.record(z.string().regex(idPattern), file),
});
export type ImageManifest = z.infer<typeof imageManifest>;
