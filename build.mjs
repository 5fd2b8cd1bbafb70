/**
 * Builds everything into dist/: the extension as readable ES modules for GJS, the host programs for Node 20,
 * the guest agent for QuickJS.
 */
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import esbuild from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');

const common = {
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    logLevel: 'warning',
    loader: { '.xml': 'text' },
};

/** Bundled CommonJS dependencies still say require('node:…'). */
const requireBanner =
    "import { createRequire as bulkheadRequire } from 'node:module';\nconst require = bulkheadRequire(import.meta.url);";

const host = {
    ...common,
    platform: 'node',
    target: 'node20',
    external: ['koffi'],
    outExtension: { '.js': '.mjs' },
    entryPoints: {
        bulkheadd: 'src/daemon/main.ts',
        bulkhead: 'src/cli/main.ts',
        'wayland-proxy': 'src/wayland-proxy/main.ts',
        setup: 'tools/setup/main.ts',
        demo: 'tools/demo/main.ts',
        session: 'tools/desktop/main.ts',
    },
    outdir: dist,
    banner: { js: requireBanner },
};

const extension = {
    ...common,
    platform: 'neutral',
    target: 'firefox115',
    external: ['gi://*', 'resource://*', 'system', 'gettext', 'cairo'],
    entryPoints: ['extension/extension.ts', 'extension/prefs.ts'],
    outdir: join(dist, 'extension'),
};

const agent = {
    ...common,
    platform: 'neutral',
    target: 'es2022',
    external: ['std', 'os'],
    entryPoints: { agent: 'guest/agent/main.ts' },
    outdir: join(dist, 'guest'),
};

/** Entry points that exist: a checkout in the middle of a change still builds the rest. */
function present(options) {
    const entries = Object.entries(options.entryPoints).filter(([, path]) => existsSync(join(root, path)));
    return {
        ...options,
        entryPoints: Array.isArray(options.entryPoints)
            ? entries.map(([, p]) => p)
            : Object.fromEntries(entries),
    };
}

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, 'extension'), { recursive: true });
await Promise.all([host, extension, agent].map(options => esbuild.build(present(options))));

for (const name of ['stylesheet.css', 'emblems'].filter(name => existsSync(join(root, 'extension', name))))
    await cp(join(root, 'extension', name), join(dist, 'extension', name), { recursive: true });

await cp(join(root, 'metadata.json'), join(dist, 'extension/metadata.json'));
await cp(join(root, 'dbus'), join(dist, 'dbus'), { recursive: true, filter: path => !path.endsWith('.md') });
if (existsSync(join(root, 'guest/init')))
    await cp(join(root, 'guest/init'), join(dist, 'guest/init'), { recursive: true });

if (process.argv.includes('--list')) console.log((await readdir(dist)).join('\n'));
