/**
 * Keeps one .desktop file and one icon per instance in step with the installed apps. Removes only entries that name
 * an instance of ours in X-Bulkhead-Instance. Files are written when the app is installed, not when it is
 * launched: the Shell takes about 5 s to notice a new one.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppManifest } from '../apps/manifest.js';
import type { Domain } from '../domains/domain.js';
import { writeFileAtomic } from '../shared/files.js';
import { desktopId } from '../shared/paths.js';
import { desktopFile, execValue, listValue, stringValue } from './desktopFile.js';
import { badgedIcon } from './icon.js';

const OURS = /^X-Bulkhead-Instance=/m;

/** One instance as the desktop shall show it. */
export interface Entry {
    instance: string;
    app: AppManifest;
    icon: string;
    domain: Domain;
}

export interface EntryFolders {
    /** `~/.local/share/applications`. */
    applications: string;
    /** Where the generated icons go: a folder that holds nothing else. */
    icons: string;
}

/** Writes what is new or changed, removes what is stale. `launcher` is the argument vector of the CLI, absolute. */
export async function syncEntries(
    entries: readonly Entry[],
    folders: EntryFolders,
    launcher: readonly string[]
) {
    await mkdir(folders.applications, { recursive: true, mode: 0o700 });
    await mkdir(folders.icons, { recursive: true, mode: 0o700 });
    const icons = new Set<string>();
    const files = new Set<string>();
    for (const entry of entries) {
        const svg = badgedIcon(entry.icon, entry.domain);
        // The name changes with the content: the Shell caches icons by path.
        const icon = `${entry.instance}-${createHash('sha256').update(svg).digest('hex').slice(0, 12)}.svg`;
        await writeIfChanged(join(folders.icons, icon), svg);
        icons.add(icon);

        const file = `${desktopId(entry.instance)}.desktop`;
        await writeIfChanged(
            join(folders.applications, file),
            entryText(entry, join(folders.icons, icon), launcher)
        );
        files.add(file);
    }
    await removeStaleEntries(folders.applications, files);
    for (const name of await readdir(folders.icons))
        if (!icons.has(name)) await rm(join(folders.icons, name));
}

/** Removes our entries but those in `keep`. A folder that is not there holds none. */
export async function removeStaleEntries(applications: string, keep: ReadonlySet<string>) {
    for (const name of await readdir(applications).catch(() => [])) {
        if (!name.startsWith(desktopId('')) || !name.endsWith('.desktop') || keep.has(name)) continue;
        const path = join(applications, name);
        if (OURS.test(await readFile(path, 'utf8'))) await rm(path);
    }
}

function entryText({ instance, app, domain }: Entry, iconPath: string, launcher: readonly string[]): string {
    return desktopFile({
        Type: 'Application',
        Version: '1.5',
        Name: stringValue(app.name),
        Comment: stringValue(app.comment ?? `In the ${domain.name} domain`),
        Keywords: listValue([...app.keywords, domain.name]),
        Icon: stringValue(iconPath),
        Exec: execValue([...launcher, 'launch', app.id]),
        Terminal: 'false',
        StartupNotify: 'false',
        'X-Bulkhead-Instance': instance,
    });
}

async function writeIfChanged(path: string, content: string) {
    const old = await readFile(path, 'utf8').catch(() => undefined);
    if (old !== content) await writeFileAtomic(path, content, 0o644);
}
