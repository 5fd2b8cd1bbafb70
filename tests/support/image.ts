/** An image manifest that is valid; no file of it exists. */
import type { ImageManifest } from '../../src/images/image.js';

const file = (name: string) => ({ name, sha256: 'b'.repeat(64), size: 1 });
export const image: ImageManifest = {
    format: 1,
    kernel: file('vmlinux'),
    initrd: file('initrd'),
    base: file('base.erofs'),
    layers: { editor: file('editor.erofs') },
};
