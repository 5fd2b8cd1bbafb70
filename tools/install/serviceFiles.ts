/** The text of the small files that start the daemon and the CLI. */
import { busName } from './layout.js';

/** A word of a systemd ExecStart or of a D-Bus service's Exec: both take C-like double quotes. */
const quoted = (word: string) => `"${word.replace(/["\\]/g, '\\$&')}"`;

/** D-Bus activation. With `systemd`, the user manager starts the unit instead, which keeps logs and restarts. */
export function busService(argv: readonly string[], systemd: boolean): string {
    const lines = ['[D-BUS Service]', `Name=${busName}`, `Exec=${argv.map(quoted).join(' ')}`];
    if (systemd) lines.push('SystemdService=bulkheadd.service');
    return `${lines.join('\n')}\n`;
}

/** KillMode=process: running apps outlive the daemon, and the next one adopts them. */
export function unit(argv: readonly string[]): string {
    const exec = argv.map(word => quoted(word).replaceAll('%', '%%').replaceAll('$', '$$$$')).join(' ');
    return `[Unit]
Description=Bulkhead: desktop apps in microVMs of their own
PartOf=graphical-session.target
After=graphical-session.target

[Service]
Type=dbus
BusName=${busName}
ExecStart=${exec}
KillMode=process
Restart=on-failure
RestartPreventExitStatus=3
`;
}

/** ~/.local/bin/bulkhead. */
export function command(argv: readonly string[]): string {
    const words = argv.map(word => `'${word.replaceAll("'", "'\\''")}'`);
    return `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`;
}
