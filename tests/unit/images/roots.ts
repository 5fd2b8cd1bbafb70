/** Small root tars for the tests of src/images. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, pack, type Header } from 'tar-stream';
import { recipeSchema } from '../../../src/images/recipe.js';

export type Source = Partial<Header> & { name: string; content?: string };

export const recipe = recipeSchema.parse({
    suite: 'trixie',
    epoch: 1735689600,
    finish: 'true',
    kernel: { package: 'linux', modules: [] },
    standIns: { program: 'usr/bin/tool', libraries: [], prefixes: [] },
    base: { packages: ['base'], exclude: ['dev/*', 'usr/share/doc'], home: { path: 'home/user', uid: 1000 } },
    layers: { app: { packages: ['app'], files: { 'etc/app.conf': 'ours\n' } } },
});

export const temporary = () => mkdtemp(join(tmpdir(), 'bulkhead-test-'));

/** Writes a tar as mmdebstrap does: names begin with `./`. */
export async function writeTar(path: string, sources: readonly Source[], mtime = new Date(1e12)) {
    const archive = pack();
    for (const { content = '', ...header } of sources)
        archive.entry({ mtime, ...header, name: `./${header.name}` }, content);

    archive.finalize();
    await pipeline(archive, createWriteStream(path));
}

/** What a tar holds: headers and contents by name. */
export async function readTar(path: string) {
    const found = new Map<string, { header: Header; content: string }>();
    const entries = extract();
    const reading = pipeline(createReadStream(path), entries);
    for await (const entry of entries) {
        let content = '';
        for await (const chunk of entry as unknown as AsyncIterable<Buffer>) content += chunk.toString();
        found.set(entry.header.name.replace(/\/$/, ''), { header: entry.header, content });
    }
    await reading;
    return found;
}
