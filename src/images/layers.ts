/**
 * Turns the tars of Debian roots into the tars of image layers. The base layer is a whole root; an app layer is
 * what the app's root has beyond the base or differently. An app's root that lacks something of the base cannot
 * be a layer over it, and is an error.
 */
import { dirname } from 'node:path';
import { matcher, type Content as LayerContent, type Recipe } from './recipe.js';
import { indexRoot, readRoot, RootWriter, type Content, type Entry, type RootIndex } from './rootTar.js';

/** An app's root and the base do not fit on each other. */
export class LayerError extends Error {
    override name = 'LayerError';
}

/** Writes the base layer's tar to `output` and returns its index. */
export async function writeBase(root: string, output: string, recipe: Recipe): Promise<RootIndex> {
    const { exclude, files, home } = recipe.base;
    const excluded = matcher([...exclude, ...Object.keys(files)]);
    const writer = new RootWriter(output, recipe.epoch);
    await readRoot(root, excluded, (entry, content) => copy(writer, entry, content));
    addFiles(writer, files);
    writer.add({ path: home.path, type: 'directory', mode: 0o700, uid: home.uid, gid: home.uid });
    await writer.close();
    return indexRoot(root, excluded);
}

/** Writes the tar of an app's layer over the base that `base` describes. Throws LayerError. */
export async function writeLayer(
    root: string,
    output: string,
    recipe: Recipe,
    layer: LayerContent,
    base: RootIndex
): Promise<void> {
    const files = { ...recipe.base.files, ...layer.files };
    const excluded = matcher([...recipe.base.exclude, ...layer.exclude, ...Object.keys(files)]);
    const replaced = new Set(Object.keys(layer.files));
    const chosen = await choose(root, excluded, new Map([...base].filter(([path]) => !replaced.has(path))));

    const writer = new RootWriter(output, recipe.epoch);
    await readRoot(root, excluded, async (entry, content) => {
        if (chosen.has(entry.path)) await copy(writer, entry, content);
    });
    addFiles(writer, layer.files);
    await writer.close();
}

/** The paths that differ from the base, with their folders and the targets of their hard links. */
async function choose(root: string, excluded: (path: string) => boolean, base: RootIndex) {
    const index = await indexRoot(root, excluded);
    const lacking = [...base.keys()].find(path => !index.has(path));
    if (lacking !== undefined) throw new LayerError(`it lacks ${lacking}, which the base has`);

    const differing = [...index].filter(([path, what]) => base.get(path) !== what).map(([path]) => path);
    const chosen = new Set(differing);
    await readRoot(root, excluded, async entry => {
        if (entry.type === 'link' && chosen.has(entry.path)) chosen.add(entry.target!);
    });
    for (const path of [...chosen])
        for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) chosen.add(folder);

    return chosen;
}

const copy = (writer: RootWriter, entry: Entry, content: Content) => writer.copy(entry, content);

function addFiles(writer: RootWriter, files: Record<string, string>) {
    for (const [path, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
        writer.add({ path, type: 'file', mode: 0o644 }, content);
}
