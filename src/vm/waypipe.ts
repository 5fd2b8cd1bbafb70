/** waypipe's client on the host: the end of the stream path, between the vsock device and the proxy. */
import { dirname, join } from 'node:path';
import { findProgram } from './programs.js';
import type { Confinement } from './sandbox.js';

/** Where the guest's waypipe arrives. */
export const waypipeSocket = (folder: string) => join(folder, 'guest');

/** The sandbox of waypipe in `folder`. `display` is the proxy's listening socket. */
export function waypipeConfinement(folder: string, display: string): Confinement {
    return {
        command: [
            findProgram('waypipe'),
            ...['--threads', '1', '--no-gpu', '--compress', 'none', '-s', waypipeSocket(folder), 'client'],
        ],
        ro: [dirname(display)],
        rw: [folder],
        env: { WAYLAND_DISPLAY: display, XDG_RUNTIME_DIR: folder },
    };
}
