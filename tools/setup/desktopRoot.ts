/**
 * The desktop root: a Debian trixie with GNOME Shell 48, QEMU 10 and the helpers, standing for a person's machine.
 * Made once by mmdebstrap, entered with bubblewrap (not chroot: user namespaces must still work inside).
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { insideMark } from '../desktop/mounts.js';
import { debianTree } from '../../src/images/debianTree.js';
import { inWorkFolder, removeDeadWork } from '../../src/shared/workFolder.js';
import { step } from './progress.js';
import { ensureVsockDevice } from './vsockDevice.js';

/** Everything that decides what is in the root; its hash is the root's name. */
const recipe = {
    suite: 'trixie' as const,
    packages: [
        'gnome-shell gnome-settings-daemon-common adwaita-icon-theme fonts-cantarell fonts-dejavu-core librsvg2-common',
        'dbus dbus-user-session dconf-gsettings-backend libglib2.0-bin xdg-desktop-portal',
        'qemu-system-x86 bubblewrap waypipe nodejs',
        'erofs-utils zstd cpio kmod busybox-static procps',
        'foot foot-terminfo weston wayland-utils',
    ].flatMap(line => line.split(' ')),
    /** Changed when makeRoot does something else with the same packages. */
    steps: 1,
};

export const desktopRootId = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);

/** The root's folder under `cache`, made first if need be (about two minutes and 1.5 GB). */
export async function ensureDesktopRoot(cache: string) {
    const roots = join(cache, 'roots');
    const root = join(roots, `desktop-${desktopRootId}`);
    if (existsSync(root)) return root;

    await removeDeadWork(roots);
    await step('Making the demo desktop: Debian trixie with GNOME Shell 48', 'about 2 min, once', report =>
        inWorkFolder(roots, async folder => {
            await makeRoot(folder, cache, report);
            await rename(join(folder, 'root'), root);
        })
    );
    return root;
}

async function makeRoot(folder: string, cache: string, report: (detail: string) => void) {
    const tree = join(folder, 'root');
    await debianTree({
        suite: recipe.suite,
        variant: 'apt',
        packages: recipe.packages,
        folder: tree,
        report,
    });
    await appendFile(join(tree, 'etc/passwd'), 'user:x:1000:1000:User:/home/user:/bin/bash\n');
    await appendFile(join(tree, 'etc/group'), 'user:x:1000:\n');
    await copyFile(await ensureVsockDevice(cache, report), join(tree, 'usr/local/bin/vhost-device-vsock'));
}

export interface EnterOptions {
    /** Host path → path inside, read-only. */
    readOnly?: Record<string, string>;
    /** Host path → path inside, writable. */
    writable?: Record<string, string>;
    env?: Record<string, string>;
    cwd?: string;
}

/**
 * The argv that runs `command` in the root as uid 1000, with a fresh home and runtime folder, its own
 * processes, no network, and no way to leave anything behind. Flags: shared ENVIRONMENT notes, measured.
 */
export function enterRoot(root: string, command: readonly string[], options: EnterOptions = {}) {
    const binds = (flag: string, map: Record<string, string> = {}) =>
        Object.entries(map).flatMap(([from, to]) => [flag, from, to]);
    const env = {
        HOME: '/home/user',
        USER: 'user',
        PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
        LANG: 'C.UTF-8',
        XDG_RUNTIME_DIR: '/run/user/1000',
        ...options.env,
    };
    return [
        ...'bwrap --unshare-user --uid 1000 --gid 1000 --unshare-pid --unshare-ipc --unshare-uts --unshare-net'.split(
            ' '
        ),
        ...['--hostname', 'desktop', '--die-with-parent', '--ro-bind', root, '/'],
        ...'--dev /dev --proc /proc --ro-bind /sys /sys --tmpfs /tmp --tmpfs /mnt --tmpfs /run'.split(' '),
        ...`--dir /run/user/1000 --chmod 0700 /run/user/1000 --dir /run/dbus --dir ${insideMark}`.split(' '),
        ...'--tmpfs /home --dir /home/user --dev-bind-try /dev/kvm /dev/kvm'.split(' '),
        ...binds('--ro-bind', options.readOnly),
        ...binds('--bind', options.writable),
        '--clearenv',
        ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
        ...['--chdir', options.cwd ?? '/home/user', '--', ...command],
    ];
}
