/** The programs that the host itself needs, by the Debian package that has them. Everything else runs inside the roots. */
import { execa } from 'execa';
import { UserError } from '../../src/shared/errors.js';
import { findExecutable, foldersOf } from '../../src/shared/executables.js';
import { step } from './progress.js';

const needed: readonly { program: string; debianPackage: string; unlessRoot?: true }[] = [
    { program: 'bwrap', debianPackage: 'bubblewrap' },
    { program: 'mmdebstrap', debianPackage: 'mmdebstrap' },
    { program: 'newuidmap', debianPackage: 'uidmap', unlessRoot: true },
];

export const isRoot = process.getuid?.() === 0;

/** Installs what is missing when root; else throws a UserError with the one command to run. */
export async function ensureHostPrograms() {
    const wanted = needed.filter(({ unlessRoot }) => !(unlessRoot && isRoot));
    const folders = [...foldersOf(process.env.PATH), '/usr/sbin', '/sbin'];
    const missing = wanted
        .filter(({ program }) => !findExecutable(program, folders))
        .map(({ debianPackage }) => debianPackage);
    if (missing.length === 0) return;

    if (!isRoot) {
        throw new UserError(
            `This machine lacks ${missing.join(', ')}. Run: sudo apt-get install --no-install-recommends ${missing.join(' ')}`
        );
    }

    await step(`Installing ${missing.join(', ')}`, 'about 20 s', async report => {
        const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, all: true } as const;
        report('apt-get update');
        await execa('apt-get', ['update'], options);
        report('apt-get install');
        await execa('apt-get', ['install', '--yes', '--no-install-recommends', ...missing], options);
    });
}
