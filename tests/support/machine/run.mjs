/** Runs the scenarios inside the desktop root: `node tests/support/machine/run.mjs [scenario …]`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const { BULKHEAD_DESKTOP_ROOT: root, BULKHEAD_IMAGE: image } = process.env;
if (!root || !image) {
    throw new Error(
        'Set BULKHEAD_DESKTOP_ROOT and BULKHEAD_IMAGE to the folders of the desktop root and a guest image.'
    );
}

const bundles = mkdtempSync(join(tmpdir(), 'bulkhead-machine-'));
try {
    await esbuild.build({
        absWorkingDir: repository,
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node20',
        external: ['koffi'],
        outExtension: { '.js': '.mjs' },
        entryPoints: {
            scenarios: 'tests/support/machine/scenarios.ts',
            'wayland-proxy': 'src/wayland-proxy/main.ts',
        },
        outdir: bundles,
        banner: {
            js: "import { createRequire as bulkheadRequire } from 'node:module';\nconst require = bulkheadRequire(import.meta.url);",
        },
    });
    const kvm = existsSync('/dev/kvm') ? ['--dev-bind', '/dev/kvm', '/dev/kvm'] : [];
    const argv = [
        ...[
            '--unshare-user',
            '--uid',
            '1000',
            '--gid',
            '1000',
            '--unshare-pid',
            '--unshare-ipc',
            '--unshare-uts',
        ],
        ...[
            '--die-with-parent',
            '--ro-bind',
            root,
            '/',
            '--dev',
            '/dev',
            ...kvm,
            '--proc',
            '/proc',
            '--tmpfs',
            '/tmp',
        ],
        ...[
            '--tmpfs',
            '/run',
            '--dir',
            '/run/user/1000',
            '--chmod',
            '0700',
            '/run/user/1000',
            '--ro-bind',
            '/sys',
            '/sys',
        ],
        ...['--tmpfs', '/home', '--dir', '/home/user', '--tmpfs', '/mnt', '--dir', '/mnt/node_modules'],
        ...[
            '--ro-bind',
            join(repository, 'node_modules'),
            '/mnt/node_modules',
            '--ro-bind',
            bundles,
            '/mnt/dist',
        ],
        ...['--ro-bind', image, '/mnt/image', '--clearenv', '--setenv', 'PATH', '/usr/bin:/usr/sbin'],
        ...[
            '--setenv',
            'HOME',
            '/home/user',
            '--setenv',
            'XDG_RUNTIME_DIR',
            '/run/user/1000',
            '--chdir',
            '/mnt',
        ],
        ...['--', 'node', '/mnt/dist/scenarios.mjs', ...process.argv.slice(2)],
    ];
    process.exitCode = spawnSync('bwrap', argv, { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
} finally {
    rmSync(bundles, { recursive: true });
}
