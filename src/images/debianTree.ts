/**
 * Trees of Debian packages, made by mmdebstrap from the host's own apt mirror: no host name is written here.
 * Works as root and as a user (then through user namespaces). The output is a sorted tar with clamped times,
 * so the same packages give the same bytes (mmdebstrap's own guarantee when SOURCE_DATE_EPOCH is set).
 */
import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';
import { UserError } from '../shared/errors.js';

export interface DebianTreeOptions {
    suite: 'trixie' | 'sid';
    /** mmdebstrap's variant: `extract` only unpacks, without configuring anything. */
    variant: 'apt' | 'essential' | 'custom' | 'extract';
    packages: readonly string[];
    /** Globs of paths not to unpack. */
    exclude?: readonly string[];
    /** Seconds since the epoch that no file time passes. */
    epoch?: number;
    /** A shell command run at the end, with the root's path as $1. */
    finish?: string;
    report?: (detail: string) => void;
}

const documentation = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*'];

function mmdebstrapArgv(options: DebianTreeOptions, target: string) {
    const { suite, variant, packages, exclude = documentation } = options;
    return [
        `--variant=${variant}`,
        '--format=tar',
        '--aptopt=APT::Install-Recommends "false"',
        // A mirror's sid may lag for weeks; its signature is still checked.
        ...(suite === 'sid' ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []),
        ...exclude.map(glob => `--dpkgopt=path-exclude=${glob}`),
        `--include=${packages.join(',')}`,
        ...(options.finish ? [`--customize-hook=${options.finish}`] : []),
        suite,
        target,
    ];
}

async function run(options: DebianTreeOptions, target: string, sink?: readonly [string, ...string[]]) {
    // On failure mmdebstrap sends SIGHUP to its whole process group, so it gets one of its own; as Ctrl-C then
    // does not reach it, the kernel tells it when we end, however we end.
    const argv = ['--pdeathsig', 'TERM', 'mmdebstrap', ...mmdebstrapArgv(options, target)];
    const making = execa('setpriv', argv, {
        detached: true,
        env: { SOURCE_DATE_EPOCH: String(options.epoch ?? 0), LC_ALL: 'C' },
        stdin: 'ignore',
        encoding: sink ? 'buffer' : 'utf8',
        buffer: { stdout: false, stderr: true },
    });
    let problem = '';
    making.stderr.setEncoding('utf8');
    making.stderr.on('data', (text: string) => {
        for (const line of text.split(/\r?\n/)) {
            if (line.startsWith('E: ')) problem ||= line.slice(3);
            if (line.startsWith('I: ')) options.report?.(line.slice(3));
        }
    });
    try {
        if (sink) await making.pipe(sink[0], sink.slice(1), { stdin: 'pipe' });
        else await making;
    } catch (cause) {
        const what = /No space left/i.test(`${problem}${String(cause)}`)
            ? 'The disk is full: free some space and run the same command again.'
            : `The Debian packages could not be unpacked (${problem || 'mmdebstrap failed'}). Check the network and the apt sources, then run the same command again.`;
        throw new UserError(what, { cause });
    }
}

/** Unpacks the packages and what they need into `folder` (made), without device nodes, owned by the caller. */
export async function debianTree(options: DebianTreeOptions & { folder: string }) {
    await mkdir(options.folder, { recursive: true });
    const extract = ['--extract', '--no-same-owner', '--exclude=./dev/*', '--directory', options.folder];
    await run(options, '-', ['tar', ...extract]);
}

/** Writes the packages and what they need as a tar to the file `tar`. */
export async function debianTar(options: DebianTreeOptions & { tar: string }) {
    await run(options, options.tar);
}
