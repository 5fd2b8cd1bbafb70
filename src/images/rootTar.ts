/**
 * The tar of a root file system, read and written as a stream. What comes out of here is normal: relative names,
 * one fixed time, numeric owners, no extended attributes, no set-user-id or set-group-id bits, nothing that is
 * excluded. The order is the input's, which mmdebstrap sorts.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack, type Header } from 'tar-stream';

export interface Entry {
    path: string;
    type: 'file' | 'directory' | 'symlink' | 'link';
    mode: number;
    uid: number;
    gid: number;
    /** Bytes of a file, else 0. */
    size: number;
    /** A symlink's text, or the path of the entry that a hard link is another name of. */
    target?: string;
}

/** The content of an entry, to be read once (a streamx stream, whose types do not say that it can be iterated). */
export type Content = AsyncIterable<Uint8Array>;

/** What one path is, as one comparable string; hard links count as what they link to. */
export type RootIndex = Map<string, string>;

const kinds = ['file', 'directory', 'symlink', 'link'] as const;

/** Calls `each` for every entry that is kept. `each` must consume or skip the content before it resolves. */
export async function readRoot(
    path: string,
    excluded: (path: string) => boolean,
    each: (entry: Entry, content: Content) => Promise<void>
) {
    const entries = extract();
    const reading = pipeline(createReadStream(path), entries);
    const walking = (async () => {
        for await (const content of entries) {
            const name = normalPath(content.header.name);
            if (name !== '' && !excluded(name))
                await each(normalEntry(name, content.header), content as unknown as Content);
            content.resume();
        }
    })();
    await Promise.all([reading, walking]);
}

const normalPath = (name: string) => name.replace(/^\.?\/+/, '').replace(/\/$/, '');

function normalEntry(path: string, header: Header): Entry {
    const type = kinds.find(kind => kind === header.type);
    if (!type) throw new Error(`The root holds ${path}, which is neither a file nor a folder nor a link.`);
    return {
        path,
        type,
        mode: (header.mode ?? 0) & 0o1777,
        uid: header.uid ?? 0,
        gid: header.gid ?? 0,
        size: type === 'file' ? (header.size ?? 0) : 0,
        ...(type === 'symlink' && { target: header.linkname ?? '' }),
        ...(type === 'link' && { target: normalPath(header.linkname ?? '') }),
    };
}

/** Describes every kept entry, contents by their sha256. */
export async function indexRoot(path: string, excluded: (path: string) => boolean): Promise<RootIndex> {
    const index: RootIndex = new Map();
    await readRoot(path, excluded, async (entry, content) => {
        const what = entry.type === 'file' ? await sha256(content) : (entry.target ?? '');
        const linked = entry.type === 'link' ? index.get(what) : undefined;
        index.set(entry.path, linked ?? [entry.type, entry.mode, entry.uid, entry.gid, what].join(' '));
    });
    return index;
}

/** The content of one file of the root in the tar `tar`. */
export async function readFileOf(tar: string, path: string): Promise<Buffer> {
    let found: Buffer | undefined;
    await readRoot(
        tar,
        other => other !== path,
        async (_, content) => {
            found = await buffer(content);
        }
    );
    if (!found) throw new Error(`The root has no ${path}.`);
    return found;
}

async function sha256(content: Content) {
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    return hash.digest('hex');
}

/** A tar being written to a file. */
export class RootWriter {
    readonly #pack = pack();
    readonly #written: Promise<void>;
    readonly #mtime: Date;

    constructor(path: string, epoch: number) {
        this.#mtime = new Date(epoch * 1000);
        this.#written = pipeline(this.#pack, createWriteStream(path, { flags: 'wx' }));
        // Kept until close(), which throws it.
        this.#written.catch(() => undefined);
    }

    /** Copies an entry with its content. */
    async copy(entry: Entry, content: Content) {
        if (entry.type === 'file' && entry.size > 0) {
            const sink = this.#pack.entry(this.#header(entry));
            // A full disk ends the output, and then nothing would drain the sink any more.
            for await (const chunk of content)
                if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), this.#written]);

            sink.end(undefined);
        } else {
            this.#pack.entry(this.#header(entry), '');
        }
    }

    /** Adds an entry of our own, owned by root unless said otherwise. */
    add(entry: Pick<Entry, 'path' | 'type' | 'mode'> & Partial<Entry>, content = '') {
        this.#pack.entry(this.#header({ uid: 0, gid: 0, size: 0, ...entry }), content);
    }

    async close() {
        this.#pack.finalize();
        await this.#written;
    }

    #header({ path, type, mode, uid, gid, size, target }: Entry) {
        const linkname = target === undefined ? {} : { linkname: target };
        return { name: path, type, mode, uid, gid, size, mtime: this.#mtime, ...linkname };
    }
}
