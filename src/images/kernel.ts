/**
 * Takes Debian's kernel package apart: an uncompressed vmlinux, which QEMU and crosvm start with nothing to
 * decompress in the guest, and the modules that the guest loads, in an order that satisfies their dependencies.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { readRoot } from './rootTar.js';
import type { RunTool } from './runTool.js';

export interface Module {
    name: string;
    content: Uint8Array;
}

interface KernelFiles {
    bzImage: Buffer;
    /** Compressed modules by name, with `_` for `-`. */
    modules: Map<string, Buffer>;
    builtin: Set<string>;
}

/**
 * Writes `vmlinux` into `folder`, which must hold the package's tar under the name `tar`, and returns the modules
 * of `wanted` and what they depend on, in loading order.
 */
export async function unpackKernel(
    runTool: RunTool,
    folder: string,
    tar: string,
    wanted: readonly string[]
): Promise<Module[]> {
    const files = await kernelFiles(join(folder, tar));
    await writeVmlinux(runTool, folder, files.bzImage);

    const loaded: Module[] = [];
    const load = async (name: string) => {
        const file = `${name}.ko`;
        if (files.builtin.has(name) || loaded.some(module => module.name === file)) return;
        const compressed = files.modules.get(name);
        if (!compressed) throw new Error(`The kernel package has no module ${name}.`);

        await writeFile(join(folder, `${file}.xz`), compressed);
        await runTool(['busybox', 'unxz', `${file}.xz`], folder);
        const content = await readFile(join(folder, file));
        for (const dependency of dependencies(content)) await load(dependency);
        loaded.push({ name: file, content });
    };
    for (const name of wanted) await load(name);
    return loaded;
}

async function kernelFiles(tar: string): Promise<KernelFiles> {
    const modules = new Map<string, Buffer>();
    let bzImage: Buffer | undefined;
    let builtin = '';
    const other = (path: string) =>
        !/^boot\/vmlinuz-|^(usr\/)?lib\/modules\/[^/]+\/(kernel\/.*\.ko\.xz|modules\.builtin)$/.test(path);
    await readRoot(tar, other, async ({ path }, content) => {
        const bytes = await buffer(content);
        if (path.startsWith('boot/')) bzImage = bytes;
        else if (path.endsWith('modules.builtin')) builtin = bytes.toString();
        else modules.set(moduleName(path), bytes);
    });
    if (!bzImage) throw new Error('The kernel package has no /boot/vmlinuz.');
    return { bzImage, modules, builtin: new Set(builtin.split('\n').filter(Boolean).map(moduleName)) };
}

const moduleName = (path: string) =>
    path
        .replace(/^.*\//, '')
        .replace(/\.ko(\.xz)?$/, '')
        .replaceAll('-', '_');

/** What a module says that it needs: `depends=` in its .modinfo section, zero-terminated (kernel/module). */
export function dependencies(module: Buffer): string[] {
    const start = module.indexOf('\0depends=');
    if (start < 0) return [];
    const text = module.toString('latin1', start + 9, module.indexOf(0, start + 9));
    return text.split(',').filter(Boolean).map(moduleName);
}

async function writeVmlinux(runTool: RunTool, folder: string, bzImage: Buffer) {
    const { payload, size } = kernelPayload(bzImage);
    await writeFile(join(folder, 'vmlinux.zst'), payload);
    await runTool(['zstd', '-d', '-q', '--rm', 'vmlinux.zst'], folder);
    const vmlinux = await stat(join(folder, 'vmlinux'));
    if (vmlinux.size !== size)
        throw new Error(`The kernel unpacked to ${vmlinux.size} bytes instead of ${size}.`);
}

/**
 * The zstd stream inside a bzImage and the size it unpacks to. Offsets: kernel documentation, arch/x86/boot
 * (setup_sects 0x1f1, magic 0x202, payload_offset 0x248, payload_length 0x24c); the kernel's build appends the size.
 */
export function kernelPayload(bzImage: Buffer): { payload: Buffer; size: number } {
    if (bzImage.length < 0x250 || bzImage.toString('latin1', 0x202, 0x206) !== 'HdrS')
        throw new Error('The kernel in the package is not a bzImage.');

    const protectedMode = ((bzImage[0x1f1] || 4) + 1) * 512;
    const start = protectedMode + bzImage.readUInt32LE(0x248);
    const end = start + bzImage.readUInt32LE(0x24c);
    const payload = bzImage.subarray(start, end - 4);
    if (payload.length < 4 || payload.readUInt32LE(0) !== 0xfd2fb528)
        throw new Error('The kernel in the package is not compressed with zstd.');

    return { payload, size: bzImage.readUInt32LE(end - 4) };
}
