/** Short lines on stderr, without guest content. Written synchronously: Node's streams do not run in the proxy's loop. */
import { writeSync } from 'node:fs';

export function log(text: string) {
    try {
        writeSync(2, `wayland-proxy: ${text}\n`);
    } catch {
        // Whoever read the log is gone or does not keep up: a log line is not worth the guest's windows.
    }
}
