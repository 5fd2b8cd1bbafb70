/**
 * Makes an erofs file system out of a layer's tar. Reproducible: fixed UUID and times, one thread, data in the order
 * of the paths. Uncompressed: under emulation reading is cheaper than decompressing (guest/README.md has figures).
 */
import type { RunTool } from './runTool.js';

/** Any UUID would do: a guest mounts its disks by their order. */
const uuid = '6b756c6b-6865-4164-8000-000000000001';

/** Turns `tar` into `image`, both names of files in `folder`. */
export async function makeErofs(runTool: RunTool, folder: string, tar: string, image: string, epoch: number) {
    const fixed = [`-T${epoch}`, `-U${uuid}`, '-x-1', '--workers=1', '--sort=path'];
    await runTool(['mkfs.erofs', '--quiet', ...fixed, '--tar=f', image, tar], folder);
}
