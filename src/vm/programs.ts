/**
 * The programs that an instance is made of, found once: in `bin` beside the daemon's script, where the installer puts what the
 * distribution lacks, then on PATH.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../shared/errors.js';
import { findExecutable, foldersOf } from '../shared/executables.js';

/** Program → what to do when it is missing. */
const remedies = {
    bwrap: 'run "apt install bubblewrap"',
    'qemu-system-x86_64': 'run "apt install qemu-system-x86"',
    'vhost-device-vsock':
        'install the Debian package vhost-device-vsock (Debian 13 and older: take it from Debian sid)',
    waypipe: 'run "apt install waypipe"',
    crosvm: 'build it from its source and put it on PATH',
} as const;
export type Program = keyof typeof remedies;

const ownFolder = fileURLToPath(new URL('bin', import.meta.url));

const found = new Map<Program, string>();

/** Absolute path of an installed program, symbolic links resolved. Throws UserError when it is not on PATH. */
export function findProgram(name: Program): string {
    const known = found.get(name) ?? lookUp(name);
    if (known === undefined) throw new UserError(`${name} is not installed: ${remedies[name]}.`);

    found.set(name, known);
    return known;
}

/** Whether the program is on PATH. */
export const hasProgram = (name: Program) => lookUp(name) !== undefined;

function lookUp(name: Program) {
    const path = findExecutable(name, [ownFolder, ...foldersOf(process.env.PATH)]);
    return path === undefined ? undefined : realpathSync(path);
}
