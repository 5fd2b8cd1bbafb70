/**
 * Installs Bulkhead for one user: extension, daemon, CLI, guest image, first apps. Doing it again replaces the
 * program and the first apps and leaves everything else. Each folder is made beside its place and renamed over it.
 */
import { createHash } from 'node:crypto';
import { cp, link, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { imageManifest } from '../../src/images/image.js';
import { UserError } from '../../src/shared/errors.js';
import { writeFileAtomic } from '../../src/shared/files.js';
import { switchExtension } from './extensionSwitch.js';
import { FolderRecord } from './folders.js';
import { type Env, extensionUuid, layout, type Layout } from './layout.js';
import { busService, command, unit } from './serviceFiles.js';
import { endDaemon, hasSystemd, reloadServices, sessionBus } from './session.js';

export interface InstallOptions {
    home: string;
    /** The environment of the user's session, or of none. */
    env: Env;
    /** What build.mjs made. */
    distDir: string;
    nodeModulesDir: string;
    /** A built image: the folder that holds its image.json. */
    imageDir: string;
    /** Programs that the distribution lacks, put where the daemon looks before PATH. */
    programs?: readonly string[];
    /** Ids of the first apps. */
    apps: readonly string[];
    /** Where their manifests are; `apps/` beside distDir when not given. */
    appsDir?: string;
}

const PROGRAMS = ['bulkheadd.mjs', 'bulkhead.mjs', 'wayland-proxy.mjs'];

/** Resolves with sentences that the person must read (what they still have to do). Throws UserError. */
export async function installFor(options: InstallOptions): Promise<string[]> {
    const to = layout(options.home, options.env);
    const folders = await FolderRecord.open(to.record);
    for (const path of everyFolder(to)) await folders.make(path);
    await folders.save();

    await replaceFolder(to.extension, path =>
        cp(join(options.distDir, 'extension'), path, { recursive: true })
    );
    await replaceFolder(to.program, path => copyProgram(options, path));
    const image = await installImage(options.imageDir, to.paths.images);
    const appsDir = options.appsDir ?? join(options.distDir, '../apps');
    for (const app of options.apps) await installApp(join(appsDir, app), join(to.paths.apps, app), image);

    await installServices(to, options.env);
    return settle(options.env);
}

/** Folders that we or the running daemon write into. */
function everyFolder({ paths, ...to }: Layout): string[] {
    const files = [to.extension, to.busService, to.unit, to.command, to.permissionTable, to.verified];
    return [paths.apps, paths.images, paths.applications, paths.state, paths.config, ...files.map(dirname)];
}

async function copyProgram({ distDir, nodeModulesDir, programs = [] }: InstallOptions, to: string) {
    await mkdir(to, { mode: 0o700 });
    for (const name of PROGRAMS) await cp(join(distDir, name), join(to, name));
    for (const path of programs) await cp(path, join(to, 'bin', basename(path)));

    // koffi loads the native part for this machine from its sibling package; its C++ sources stay behind.
    const runs = (path: string) => !/\.(cc|hh|h|S|inc|md)$|\/(vendor|doc)$/.test(path);
    for (const name of ['koffi', '@koromix']) {
        await cp(join(nodeModulesDir, name), join(to, 'node_modules', name), {
            recursive: true,
            filter: runs,
        });
    }
}

/** Resolves with the image's id. A hard link where the file system allows it, else a copy. */
async function installImage(from: string, images: string): Promise<string> {
    const text = await readFile(join(from, 'image.json')).catch((cause: unknown) => {
        throw new UserError(`There is no guest image in ${from}: build it first with "npm start".`, {
            cause,
        });
    });
    const id = createHash('sha256').update(text).digest('hex');
    const { kernel, initrd, base, layers } = imageManifest.parse(JSON.parse(text.toString()));
    const names = new Set([
        'image.json',
        ...[kernel, initrd, base, ...Object.values(layers)].map(({ name }) => name),
    ]);
    if ((await readdir(images)).includes(id)) return id;

    await replaceFolder(join(images, id), async path => {
        await mkdir(path, { mode: 0o700 });
        for (const name of names) {
            await link(join(from, name), join(path, name)).catch(() =>
                cp(join(from, name), join(path, name))
            );
        }
    });
    return id;
}

/** `from` holds the manifest without its image. */
async function installApp(from: string, to: string, image: string) {
    const manifest = JSON.parse(await readFile(join(from, 'manifest.json'), 'utf8')) as { icon: string };
    await replaceFolder(to, async path => {
        await mkdir(path, { mode: 0o700 });
        await cp(join(from, manifest.icon), join(path, manifest.icon));
        await writeFileAtomic(
            join(path, 'manifest.json'),
            `${JSON.stringify({ ...manifest, image }, null, 2)}\n`
        );
    });
}

async function installServices(to: Layout, env: Env) {
    const daemon = [process.execPath, join(to.program, 'bulkheadd.mjs')];
    const systemd = hasSystemd(env);
    await writeFileAtomic(to.busService, busService(daemon, systemd), 0o644);
    if (systemd) await writeFileAtomic(to.unit, unit(daemon), 0o644);
    await writeFileAtomic(to.command, command([process.execPath, join(to.program, 'bulkhead.mjs')]), 0o755);
}

/** Brings a running session up to date. */
async function settle(env: Env): Promise<string[]> {
    const bus = await sessionBus(env);
    if (!bus) {
        return [
            `No session is running: when you are logged in, run "gnome-extensions enable ${extensionUuid}".`,
        ];
    }

    try {
        await reloadServices(bus, env);
        await endDaemon(bus);
    } finally {
        bus.close();
    }
    if (await switchExtension(true, env))
        return ['Log out and in once, so that GNOME Shell finds the extension.'];
    return [`Log out and in once, then run "gnome-extensions enable ${extensionUuid}".`];
}

/** Fills a folder beside `path` and puts it in its place. What was there goes. */
async function replaceFolder(path: string, fill: (beside: string) => Promise<unknown>) {
    const beside = join(dirname(path), `.${basename(path)}.new`);
    await rm(beside, { recursive: true, force: true });
    try {
        await fill(beside);
        await rm(path, { recursive: true, force: true });
        await rename(beside, path);
    } catch (error) {
        await rm(beside, { recursive: true, force: true });
        throw error;
    }
}
