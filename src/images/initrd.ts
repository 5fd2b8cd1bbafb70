/**
 * Lays out the initrd: busybox, the kernel's modules in loading order, the init scripts and the agent.
 * The paths are what guest/init/init expects.
 */
import { cpio, type CpioEntry } from './cpio.js';

export interface InitrdParts {
    /** Static busybox. */
    busybox: Uint8Array;
    /** Uncompressed modules in the order in which they are to be loaded. */
    modules: readonly { name: string; content: Uint8Array }[];
    /** Stand-ins for libraries, for waypipe. */
    libraries: readonly { name: string; content: Uint8Array }[];
    init: Uint8Array;
    stage2: Uint8Array;
    session: Uint8Array;
    agent: Uint8Array;
}

/** Mount points and folders that init needs before it can make any. */
const folders = ['app', 'base', 'bin', 'bulkhead', 'bulkhead/lib', 'dev', 'modules', 'root', 'writable'];

/** The initrd as the kernel takes it. */
export function makeInitrd(parts: InitrdParts): Buffer {
    const order = parts.modules.map(module => `${module.name}\n`).join('');
    const entries: CpioEntry[] = [
        ...folders.map(path => ({ path, kind: 'directory' }) as const),
        { path: 'bin/busybox', kind: 'file', content: parts.busybox, executable: true },
        { path: 'bulkhead/agent.js', kind: 'file', content: parts.agent },
        { path: 'bulkhead/session', kind: 'file', content: parts.session, executable: true },
        { path: 'bulkhead/stage2', kind: 'file', content: parts.stage2, executable: true },
        ...parts.libraries.map(
            ({ name, content }) => ({ path: `bulkhead/lib/${name}`, kind: 'file', content }) as const
        ),
        { path: 'init', kind: 'file', content: parts.init, executable: true },
        { path: 'modules/order', kind: 'file', content: Buffer.from(order) },
        ...parts.modules.map(
            ({ name, content }) => ({ path: `modules/${name}`, kind: 'file', content }) as const
        ),
    ];
    return cpio(entries);
}
