/** What a machine needs before Bulkhead can be installed on it: GNOME 45 or newer, and the programs that instances are made of. */
import { execa } from 'execa';
import { UserError } from '../../src/shared/errors.js';
import { findExecutable, foldersOf } from '../../src/shared/executables.js';
import type { Env } from './layout.js';

const OLDEST_GNOME = 45;

/** Program to the Debian package that has it. */
const NEEDED: Record<string, string> = {
    bwrap: 'bubblewrap',
    'qemu-system-x86_64': 'qemu-system-x86',
    waypipe: 'waypipe',
    // To make the guest image.
    mmdebstrap: 'mmdebstrap',
    'mkfs.erofs': 'erofs-utils',
    zstd: 'zstd',
    busybox: 'busybox',
};

/** Throws UserError: one sentence with what to do. */
export async function checkMachine(env: Env) {
    await checkGnome(env);
    const folders = foldersOf(env.PATH);
    const missing = Object.keys(NEEDED)
        .filter(program => !findExecutable(program, folders))
        .map(program => NEEDED[program]!);
    if (missing.length === 0) return;

    throw new UserError(
        `Bulkhead needs programs that are not here, run: sudo apt-get install --no-install-recommends ${missing.join(' ')}.`
    );
}

async function checkGnome(env: Env) {
    const { stdout, exitCode } = await execa('gnome-shell', ['--version'], {
        env: env as Record<string, string>,
        extendEnv: false,
        reject: false,
    });
    const version = Number(/\d+/.exec(String(stdout))?.[0]);
    if (exitCode !== 0 || !version) {
        throw new UserError(
            'GNOME Shell is not installed: Bulkhead needs GNOME 45 or newer. "npm start" shows it without one.'
        );
    }

    if (version < OLDEST_GNOME) {
        throw new UserError(
            `This is GNOME ${version}: Bulkhead needs GNOME ${OLDEST_GNOME} or newer (Debian 13 has 48). "npm start" shows it on this machine.`
        );
    }
}
