/**
 * Removes every trace of an installation: instances first, then files, settings and remembered permissions. What
 * `npm start` keeps in the cache belongs to the checkout and stays.
 */
import { readdir, rm } from 'node:fs/promises';
import type { Bus } from '../../src/daemon/bus/bus.js';
import { removeStaleEntries } from '../../src/desktop/entries.js';
import { UserError } from '../../src/shared/errors.js';
import { switchExtension } from './extensionSwitch.js';
import { FolderRecord } from './folders.js';
import { type Env, layout, type Layout } from './layout.js';
import { endDaemon, forgetPermissions, reloadServices, sessionBus, stopInstances } from './session.js';

/** `env` is the environment of the user's session, or of none. Throws UserError before any file is removed. */
export async function uninstallFor({ home, env }: { home: string; env: Env }): Promise<void> {
    const of = layout(home, env);
    const bus = await sessionBus(env);
    try {
        if (bus) await leaveSession(bus, of, env);
        await removeFiles(of);
        if (bus) await reloadServices(bus, env);
    } finally {
        bus?.close();
    }
}

async function leaveSession(bus: Bus, { paths }: Layout, env: Env) {
    const running = await readdir(paths.runtime).catch(() => []);
    if (running.length > 0) {
        await stopInstances(bus).catch((cause: unknown) => {
            throw new UserError(
                'Apps are running and could not be stopped: log out and in, then try again.',
                { cause }
            );
        });
    }
    await endDaemon(bus);
    await forgetPermissions(bus);
    await switchExtension(false, env);
    await rm(paths.runtime, { recursive: true, force: true });
}

async function removeFiles({ paths, ...of }: Layout) {
    const folders = await FolderRecord.open(of.record);
    await removeStaleEntries(paths.applications, new Set());
    const files = [of.extension, of.busService, of.unit, of.command, of.permissionTable, of.verified];
    for (const path of [...files, paths.data, paths.config, paths.state])
        await rm(path, { recursive: true, force: true });

    await folders.removeEmpty();
}
