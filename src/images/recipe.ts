/** The schema of a guest image's recipe: which Debian packages, what of them is left out, what is put in. */
import { z } from 'zod';
import { idPattern } from '../shared/paths.js';

const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/);
/** A path in the image without a leading slash; `*` stands for any part of one name. */
const glob = z.string().regex(/^[^/].*[^/]$/);
const path = glob.regex(/^[^*]+$/);

const content = z.strictObject({
    packages: z.array(packageName).min(1),
    /** Left out, with all that is below. */
    exclude: z.array(glob).default([]),
    /** Put in, owned by root, readable by all; in place of a package's file of that name. */
    files: z.record(path, z.string()).default({}),
});

export const recipeSchema = z.strictObject({
    suite: z.literal('trixie'),
    /** Every time in the image, in seconds since 1970. */
    epoch: z.int().positive(),
    /** A shell command for mmdebstrap to run at the end, with the root's path as $1. */
    finish: z.string(),
    kernel: z.strictObject({
        package: packageName,
        /** Loaded at boot, each after what it depends on. */
        modules: z.array(z.string().regex(/^[a-z0-9_]+$/)),
    }),
    /** Libraries that a program of the base is linked with and does not need; it starts with stand-ins for them. */
    standIns: z.strictObject({
        program: path,
        libraries: z.array(z.string().regex(/^lib[a-z0-9.]+$/)),
        /** How the names of their symbols begin. */
        prefixes: z.array(z.string().min(1)),
    }),
    base: content.extend({ home: z.strictObject({ path, uid: z.int().positive() }) }),
    layers: z.record(z.string().regex(idPattern), content),
});
export type Recipe = z.infer<typeof recipeSchema>;
export type Content = z.infer<typeof content>;

/** A test of paths: true for those that a glob names, and for all below them. */
export function matcher(globs: readonly string[]): (path: string) => boolean {
    const escape = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
    const expression = new RegExp(`^(?:${globs.map(escape).join('|')})(?:/|$)`);
    return globs.length === 0 ? () => false : path => expression.test(path);
}
