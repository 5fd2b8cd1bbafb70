/**
 * A desktop notification for a start that failed before anything of it could be seen: who clicked an icon has no
 * terminal to read the sentence in.
 */
import { Bus, type Call } from '../daemon/bus/bus.js';

/** The service is the shell itself; in ms. */
const DEADLINE = 5_000;

/** Shows it. Throws when there is no session bus or no notification service. */
export async function notifyFailure(app: string, sentence: string) {
    const bus = await Bus.connect();
    try {
        await bus.call(failureNotification(app, sentence));
    } finally {
        bus.close();
    }
}

/**
 * org.freedesktop.Notifications.Notify, by the Desktop Notifications Specification 1.2. Without the hint `desktop-entry`: GNOME
 * takes a notification of a known app away as soon as its sender has left the bus.
 */
export function failureNotification(app: string, sentence: string): Call {
    return {
        destination: 'org.freedesktop.Notifications',
        path: '/org/freedesktop/Notifications',
        interface: 'org.freedesktop.Notifications',
        member: 'Notify',
        signature: 'susssasa{sv}i',
        args: [
            'Bulkhead',
            0,
            'dialog-error-symbolic',
            `Could not start ${app}`,
            escaped(sentence),
            [],
            {},
            -1,
        ],
        timeout: DEADLINE,
    };
}

/** The body is markup. */
const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
