/** The guest image, built with the tools of the desktop root where there is one, else with the host's own. */
import { join } from 'node:path';
import { execa } from 'execa';
import { recipe } from '../../guest/recipe.js';
import { buildImage } from '../../src/images/build.js';
import type { RunTool } from '../../src/images/runTool.js';
import { enterRoot } from './desktopRoot.js';
import { step } from './progress.js';

const work = '/mnt/work';

/** Runs a tool in the desktop root, in a folder of the host that is the only one it can write to. */
export const toolsOf =
    (root: string): RunTool =>
    async (argv, folder) => {
        const [bwrap, ...args] = enterRoot(root, argv, { writable: { [folder]: work }, cwd: work });
        await execa(bwrap!, args, { stdin: 'ignore', all: true });
    };

/** Runs a tool that the host itself has. */
export const hostTools: RunTool = async (argv, folder) => {
    await execa(argv[0]!, argv.slice(1), { cwd: folder, stdin: 'ignore', all: true });
};

/** The folder of the image that guest/recipe.ts makes with the agent in `checkout`/dist. */
export function ensureGuestImage(options: { cache: string; checkout: string; runTool: RunTool }) {
    const { cache, checkout, runTool } = options;
    return step('Making the guest image', 'about 2 min, once', report =>
        buildImage({
            recipe,
            guest: join(checkout, 'dist/guest'),
            cache: join(cache, 'steps'),
            images: join(cache, 'images'),
            runTool,
            progress: (what, done, of) => report(`${done} of ${of} steps, now ${what}`),
        })
    );
}
