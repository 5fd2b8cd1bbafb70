/** The app manifest: what a person installs. Read from `apps/<id>/manifest.json`; unknown keys are refused. */
import { z } from 'zod';
import { idPattern } from '../shared/paths.js';

const plainText = z
    .string()
    .min(1)
    .max(80)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'must not contain control or formatting characters');

export const appManifest = z.strictObject({
    id: z.string().regex(idPattern),
    name: plainText,
    comment: plainText.optional(),
    keywords: z.array(plainText).max(32).default([]),
    /** File name of an SVG in the manifest's folder. */
    icon: z.string().regex(/^[a-z0-9][a-z0-9-]*\.svg$/),
    /** Argument vector run in the guest, as its ordinary user. */
    command: z.array(z.string().min(1).max(4096)).min(1).max(64),
    environment: z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/), z.string().max(4096)).default({}),
    /** The isolation domain that its default instance is in. */
    domain: z.string().regex(idPattern),
    /** sha256 of the image (its image.json) that holds the kernel and the base layer. */
    image: z.string().regex(/^[0-9a-f]{64}$/),
    /** Name of the app layer in that image. */
    layer: z.string().regex(idPattern),
    memoryMiB: z.int().min(128).max(16384).default(512),
    cpus: z.int().min(1).max(8).default(1),
});
export type AppManifest = z.infer<typeof appManifest>;
