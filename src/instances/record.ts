/** `instance.json`: what the next daemon must know of a running instance. Written whole or not at all. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { appManifest } from '../apps/manifest.js';
import { domainSchema } from '../domains/domain.js';
import { writeFileAtomic } from '../shared/files.js';
import { idPattern } from '../shared/paths.js';

const identity = z.strictObject({ pid: z.int().positive(), startTime: z.int().nonnegative() });
const stamp = z.int().nonnegative().optional();

const record = z.strictObject({
    format: z.literal(1),
    spec: z.strictObject({
        id: z.string().regex(idPattern),
        app: appManifest,
        domain: domainSchema,
        desktopId: z.string(),
        image: z.strictObject({
            kernel: z.string(),
            initrd: z.string(),
            base: z.string(),
            layer: z.string(),
        }),
    }),
    backend: z.enum(['crosvm', 'qemu-kvm', 'qemu-tcg']),
    state: z.enum(['starting', 'running', 'stopping', 'stopped', 'failed']),
    processes: z.strictObject({
        vsock: identity.optional(),
        vmm: identity.optional(),
        waypipe: identity.optional(),
        proxy: identity.optional(),
    }),
    timing: z.strictObject({
        clicked: stamp,
        requested: stamp,
        vmm: stamp,
        kernel: stamp,
        agent: stamp,
        app: stamp,
        frame: stamp,
    }),
});
export type InstanceRecord = z.infer<typeof record>;

export const writeRecord = (path: string, content: InstanceRecord) =>
    writeFileAtomic(path, JSON.stringify(content));

/** The record at `path`, or undefined when there is none that this version understands. */
export async function readRecord(path: string): Promise<InstanceRecord | undefined> {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;

    try {
        return record.parse(JSON.parse(text));
    } catch {
        return undefined;
    }
}
