/** `npm run install:user` and its undoing: makes the image with the host's own tools, then installs for the user who ran it. */
import { join } from 'node:path';
import { uninstallFor } from '../install/uninstall.js';
import { installFor } from '../install/install.js';
import { checkMachine } from '../install/machine.js';
import { userPaths } from '../../src/shared/paths.js';
import { ensureGuestImage, hostTools } from './guestImage.js';
import { step } from './progress.js';
import { ensureVsockDevice } from './vsockDevice.js';

const firstApps = ['terminal', 'editor'];

/** Resolves with the exit status. Throws UserError when the machine lacks something. */
export async function install({ cache, checkout }: { cache: string; checkout: string }) {
    await checkMachine(process.env);
    const vsockDevice = await step('Fetching vhost-device-vsock', 'about 10 s, once', report =>
        ensureVsockDevice(cache, report)
    );
    const imageDir = await ensureGuestImage({ cache, checkout, runTool: hostTools });
    const sentences = await installFor({
        home: userPaths().home,
        env: process.env,
        distDir: join(checkout, 'dist'),
        nodeModulesDir: join(checkout, 'node_modules'),
        imageDir,
        apps: firstApps,
        programs: [vsockDevice],
    });
    console.log(
        ['Bulkhead is installed.', ...sentences, 'Take it away again with "npm run uninstall:user".'].join(
            '\n'
        )
    );
    return 0;
}

export async function uninstall() {
    await uninstallFor({ home: userPaths().home, env: process.env });
    console.log(
        'Bulkhead is gone. What set-up made for it is still in its cache folder: delete that when you like.'
    );
    return 0;
}
