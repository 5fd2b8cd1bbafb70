/**
 * vhost-device-vsock: the guest's vsock ports as Unix sockets. One process per instance, so that guests cannot reach
 * each other. A guest's connection to host port P arrives at `<uds>_P`; those are links into the folders of the programs
 * that listen, so that the device sees the sockets and not what else those programs have.
 */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './programs.js';
import type { Confinement } from './sandbox.js';

export const vsockSockets = (folder: string) => ({
    /** The VMM connects here. */
    device: join(folder, 'device'),
    /** Host → guest connections, and the stem of the names for guest → host. */
    uds: join(folder, 'vm'),
});

/** The sandbox of the device in `folder`. `listeners`: folders of the sockets that the links point to. */
export function vsockConfinement(folder: string, listeners: readonly string[]): Confinement {
    const { device, uds } = vsockSockets(folder);
    return {
        command: [
            findProgram('vhost-device-vsock'),
            ...['--guest-cid', '3', '--socket', device, '--uds-path', uds],
            // With the default of 64 KiB a guest that writes 64 KiB at once stalls for ever (ENVIRONMENT.md).
            ...['--tx-buffer-size', '32768'],
        ],
        ro: listeners,
        rw: [folder],
    };
}

/** Makes the guest's connections to host port `port` arrive at `socket`. */
export const linkPort = (folder: string, port: number, socket: string) =>
    symlink(socket, `${vsockSockets(folder).uds}_${port}`);
