/** The commands of package.json, after bootstrap.mjs: each first makes what it needs, then does its job. */
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';
import { UserError, describeError } from '../../src/shared/errors.js';
import { userPaths } from '../../src/shared/paths.js';
import { imageVariable, mounts, startedVariable } from '../desktop/mounts.js';
import { enterRoot, ensureDesktopRoot } from './desktopRoot.js';
import { ensureGuestImage, toolsOf } from './guestImage.js';
import { ensureHostPrograms } from './hostPrograms.js';
import { install, uninstall } from './userInstall.js';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const { cache } = userPaths();

/** Runs a program with this terminal; resolves with its exit status. */
async function run(argv: readonly string[]) {
    const { exitCode } = await execa(argv[0]!, argv.slice(1), {
        stdio: 'inherit',
        cwd: checkout,
        reject: false,
    });
    return exitCode ?? 1;
}

const node = (...args: string[]) => [process.execPath, ...args];

/** What programs in the root may know of the outside: the terminal's kind, and when the person's command began (ms since the epoch). */
const passedOn = () =>
    Object.fromEntries(
        ['TERM', startedVariable].flatMap(name => (process.env[name] ? [[name, process.env[name]]] : []))
    );

/** Runs a program in the desktop root, with the checkout, the guest image and out/ mounted. */
async function runInDesktop(command: readonly string[]) {
    await ensureHostPrograms();
    const root = await ensureDesktopRoot(cache);
    const image = await ensureGuestImage({ cache, checkout, runTool: toolsOf(root) });
    const out = join(checkout, 'out');
    await mkdir(out, { recursive: true });
    return run(
        enterRoot(root, command, {
            readOnly: { [checkout]: mounts.checkout, [image]: join(mounts.images, basename(image)) },
            writable: { [out]: mounts.out },
            cwd: mounts.checkout,
            env: { [imageVariable]: basename(image), ...passedOn() },
        })
    );
}

async function lint() {
    const checks = [
        node('node_modules/eslint/bin/eslint.js', '.'),
        ...['.', 'extension', 'guest/agent'].map(project =>
            node('node_modules/typescript/bin/tsc', '-p', project)
        ),
        node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
    ];
    let status = 0;
    for (const check of checks) status ||= await run(check);
    return status;
}

/** All tests, in the root that has what they need; with arguments, those that jest's own arguments select. */
const test = (args: readonly string[]) =>
    runInDesktop([
        ...'node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --runInBand'.split(
            ' '
        ),
        ...args,
    ]);

const commands: Record<string, (args: string[]) => Promise<number>> = {
    start: () => runInDesktop(['node', '--enable-source-maps', 'dist/demo.mjs']),
    shell: () => runInDesktop(['node', '--enable-source-maps', 'dist/session.mjs']),
    test,
    lint,
    install: () => install({ cache, checkout }),
    uninstall: () => uninstall(),
};

async function main() {
    const [name = '', ...args] = process.argv.slice(2);
    const command = commands[name];
    if (!command)
        throw new UserError(`There is no command “${name}”. There are: ${Object.keys(commands).join(', ')}.`);
    return command(args);
}

main().then(
    status => process.exit(status),
    (error: unknown) => {
        console.error(error instanceof UserError ? `bulkhead: ${error.message}` : describeError(error));
        process.exit(1);
    }
);
