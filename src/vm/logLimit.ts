/** Keeps the output of helpers small: a guest can make some of them write without end. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of one helper's output before it is emptied. Far above what a good run writes. */
const logBytes = 256 * 1024;

/** Empties every file of `folder` that grows over the limit (they are open for appending). Close it before the folder goes. */
export function limitLogs(folder: string): FSWatcher {
    const watcher = watch(folder, (_event, name) => {
        if (name !== null) void emptyIfLarge(join(folder, name)).catch(() => watcher.close());
    });
    watcher.unref();
    return watcher;
}

async function emptyIfLarge(path: string) {
    const { size } = await stat(path);
    if (size > logBytes) await truncate(path);
}
