/** What machine tests run in: folders of their own, a policy that agrees to everything, and a way to see what is left of an instance. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveImage } from '../../../src/apps/image.js';
import { imageManifest } from '../../../src/images/image.js';
import type { Instance } from '../../../src/instances/instance.js';
import { Instances } from '../../../src/instances/instances.js';
import type { InstancePolicy, InstanceSpec, InstanceState, Stage } from '../../../src/instances/types.js';
import { userPaths } from '../../../src/shared/paths.js';
import { imageVariable, mounts } from '../../../tools/desktop/mounts.js';
import { until } from '../../../tools/desktop/wait.js';
import { exampleSpec } from '../../unit/instances/exampleSpec.js';
import { startDeadline } from '../desktop.js';
import { boundSockets, listing, mountPoints, processes } from '../processes.js';

type Env = NodeJS.ProcessEnv;

/** An environment whose runtime and state folders are new and empty; the root's end removes them. */
export function newEnvironment(): Env {
    const folder = mkdtempSync(join(process.env.XDG_RUNTIME_DIR!, 'machine-'));
    return {
        ...process.env,
        XDG_RUNTIME_DIR: folder,
        XDG_STATE_HOME: join(folder, 'state'),
        WAYLAND_DISPLAY: 'wayland-0',
    };
}

/** What a daemon in `env` holds. `changes` to the policy that agrees to everything. */
export const newInstances = (env: Env, changes: Partial<InstancePolicy> = {}) =>
    new Instances({
        paths: userPaths(env),
        policy: {
            register: () => Promise.resolve(),
            unregister: () => undefined,
            ask: () => Promise.resolve(true),
            shell: { present: true, input: true },
            audit: () => undefined,
            ...changes,
        },
        programs: { proxy: join(mounts.checkout, 'dist/wayland-proxy.mjs') },
    });

/** An instance that runs `command` in the guest; without one, a client that shows a window and needs no seat, as weston has none. */
export async function newSpec(...command: string[]): Promise<InstanceSpec> {
    const app = {
        ...exampleSpec.app,
        image: process.env[imageVariable]!,
        layer: 'tests',
        command: command.length ? command : ['weston-simple-shm'],
    };
    const read = async (folder: string) =>
        imageManifest.parse(JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')));
    return { ...exampleSpec, app, image: await resolveImage(app, mounts.images, read) };
}

/** Resolves when the instance is in `state`. Throws its reason when it fails before. */
export const reaches = (instance: Instance, state: InstanceState) =>
    until(`the instance to be ${state}`, () => goesOn(instance) && instance.state === state, startDeadline);

/** Resolves when the instance has reached a stage of its start. Throws its reason when it fails before. */
export const passes = (instance: Instance, stage: Stage) =>
    until(`the stage ${stage}`, () => goesOn(instance) && instance.timing[stage], startDeadline);

function goesOn({ state, reason }: Instance) {
    if (state === 'failed') throw new Error(`the instance failed: ${reason}`);
    return true;
}

/** What is still there of all instances of `env`: processes, files, sockets and mounts. */
export async function remains(env: Env): Promise<string[]> {
    const { runtime } = userPaths(env);
    const paths = [...(await listing(runtime)), ...(await boundSockets()), ...(await mountPoints())];
    return [...processes().map(({ command }) => command), ...paths].filter(text => text.includes(runtime));
}
