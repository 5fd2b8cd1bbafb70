/**
 * When a process started. Read synchronously: the verdict must stand before the window's first frame, and /proc is
 * memory, so the read cannot wait for a disk.
 */
import GLib from 'gi://GLib';

/** Field 22 of /proc/PID/stat (clock ticks since boot, proc(5)), or null when there is no such process. */
export function processStart(pid: number): number | null {
    let stat: string;
    try {
        const [, bytes] = GLib.file_get_contents(`/proc/${pid}/stat`);
        stat = new TextDecoder().decode(bytes);
    } catch (error) {
        if (error instanceof GLib.Error && error.domain === GLib.file_error_quark()) return null;

        throw error;
    }
    // The name in field 2 is in parentheses and may hold spaces and parentheses itself.
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(afterName[22 - 3]);
}
