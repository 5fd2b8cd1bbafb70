/** What a build needs of the disk, said before it starts, and the same sentence when the disk fills midway. */
import { statfs } from 'node:fs/promises';
import { UserError, describeError } from '../shared/errors.js';

const gigabyte = 1e9;

/** Throws UserError unless the file system that holds `folder` has `bytes` free. */
export async function demandSpace(folder: string, bytes: number) {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < bytes) throw new UserError(sentence(folder, bytes, free));
}

/** Runs `work`; a full disk becomes a UserError that says what to do. */
export async function explainFullDisk<T>(folder: string, bytes: number, work: () => Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (cause) {
        if (!isFullDisk(cause)) throw cause;
        throw new UserError(sentence(folder, bytes), { cause });
    }
}

/** Also when a tool or mmdebstrap met it: then only their words say so. */
const isFullDisk = (error: unknown) => /ENOSPC|EDQUOT|no space left|disk is full/i.test(describeError(error));

function sentence(folder: string, bytes: number, free?: number) {
    const has = free === undefined ? 'is full' : `has ${gigabytes(free)} GB free`;
    return `Building the guest image needs ${gigabytes(bytes)} GB, but the disk that holds ${folder} ${has}: free some space and run "npm run install:user" again, which goes on from where it stopped.`;
}

const gigabytes = (bytes: number) => (bytes / gigabyte).toFixed(1);
