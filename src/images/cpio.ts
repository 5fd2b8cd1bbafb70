/**
 * Writes a newc cpio archive, the form the kernel unpacks as its initramfs (kernel documentation,
 * driver-api/early-userspace/buffer-format). Deterministic: what is written depends on the entries alone;
 * all are owned by root and dated 0.
 */

/** One entry. Parents go before their children. */
export type CpioEntry =
    | { path: string; kind: 'directory' }
    | { path: string; kind: 'file'; content: Uint8Array; executable?: boolean };

const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;

/** The archive, uncompressed: the kernel copies it as it is, which is the fastest way under emulation. */
export function cpio(entries: readonly CpioEntry[]): Buffer {
    const parts = entries.flatMap((entry, index) =>
        record(entry.path, index + 1, modeOf(entry), contentOf(entry))
    );
    return Buffer.concat([...parts, ...record('TRAILER!!!', 0, 0, new Uint8Array())]);
}

const modeOf = (entry: CpioEntry) => {
    if (entry.kind === 'directory') return S_IFDIR | 0o755;
    return S_IFREG | (entry.executable ? 0o755 : 0o644);
};

const contentOf = (entry: CpioEntry) => (entry.kind === 'file' ? entry.content : new Uint8Array());

function record(path: string, inode: number, mode: number, content: Uint8Array): Uint8Array[] {
    const name = Buffer.from(`${path}\0`);
    const links = mode & S_IFDIR ? 2 : 1;
    // inode, mode, uid, gid, links, mtime, size, device (2), special device (2), name length, checksum
    const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
    const header = Buffer.from(`070701${fields.map(field => field.toString(16).padStart(8, '0')).join('')}`);
    return [header, name, padding(header.length + name.length), content, padding(content.length)];
}

const padding = (length: number) => Buffer.alloc(-length & 3);
