/**
 * The only file that runs before the npm packages are there, so it uses Node's own modules alone:
 * checks Node, installs the packages when the lockfile changed, builds, and hands over to dist/setup.mjs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const [command = 'help', ...rest] = process.argv.slice(2);
const oldestNode = [20, 5];

function fail(sentence) {
    console.error(`bulkhead: ${sentence}`);
    process.exit(1);
}

function run(program, args, what) {
    const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
    if (error) fail(`${what}: ${error.message}`);
    if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
}

function checkNode() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
        fail(`Node ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}.`);
}

/** `npm ci` is slow and complete, so it runs only when the lockfile is not the one installed last. */
function installPackages() {
    const stamp = join(root, 'node_modules/.bulkhead-lockfile');
    const wanted = createHash('sha256')
        .update(readFileSync(join(root, 'package-lock.json')))
        .digest('hex');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

    console.log('Installing the npm packages that package-lock.json names (about half a minute) …');
    const started = Date.now();
    run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'], 'npm is needed');
    writeFileSync(stamp, wanted);
    console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

process.env.BULKHEAD_STARTED = String(Date.now());
checkNode();
installPackages();
run(process.execPath, ['build.mjs'], 'the build could not start');
if (command !== 'build') {
    run(
        process.execPath,
        ['--enable-source-maps', join(root, 'dist/setup.mjs'), command, ...rest],
        'set-up could not start'
    );
}
