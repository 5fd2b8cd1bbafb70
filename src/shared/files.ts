/** Files that are either whole or not there: written beside their place, synced, then renamed over it. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes `content` to `path` atomically, making its folder (0700) if need be. `mode` defaults to 0600. */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o600) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = join(dirname(path), `.${randomBytes(9).toString('base64url')}.tmp`);
    try {
        const file = await open(temporary, 'wx', mode);
        try {
            await file.writeFile(content);
            await file.sync();
        } finally {
            await file.close();
        }
        await rename(temporary, path);
    } catch (error) {
        await rm(temporary, { force: true });
        throw error;
    }
}
