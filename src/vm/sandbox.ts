/**
 * The sandbox of every process that parses guest data: bubblewrap with namespaces of its own, no network, no
 * capabilities, an empty environment, /usr read-only and of all other files only those named. There is no /proc:
 * none of the programs needs one, and a nested bubblewrap could not mount it (ENVIRONMENT.md).
 *
 * The program is pid 1 of its pid namespace, so that its forks die with it, and it outlives the daemon on purpose.
 */

/** A path that appears inside at the same place, or at another one. */
export type Mount = string | { from: string; at: string };

export interface Confinement {
    /** Absolute path of the program, and its arguments. */
    command: readonly [string, ...string[]];
    ro?: readonly Mount[];
    rw?: readonly Mount[];
    /** Device nodes beside bubblewrap's minimal /dev. */
    devices?: readonly string[];
    env?: Readonly<Record<string, string>>;
}

/** The arguments of bwrap for `confinement`. `infoFd`: where bwrap tells the pid of the program, as JSON. */
export function sandboxArgv(confinement: Confinement, infoFd: number): string[] {
    const { command, ro = [], rw = [], devices = [], env = {} } = confinement;
    const program = command[0].startsWith('/usr/') ? [] : [command[0]];
    return [
        '--unshare-all',
        '--new-session',
        '--as-pid-1',
        ...['--cap-drop', 'ALL', '--clearenv', '--chdir', '/'],
        ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
        ...['--ro-bind', '/usr', '/usr'],
        ...['bin', 'sbin', 'lib', 'lib64'].flatMap(name => ['--symlink', `usr/${name}`, `/${name}`]),
        ...['--dev', '/dev', '--tmpfs', '/tmp'],
        ...[...program, ...ro].flatMap(mount => bind('--ro-bind', mount)),
        ...rw.flatMap(mount => bind('--bind', mount)),
        ...devices.flatMap(mount => bind('--dev-bind', mount)),
        ...['--remount-ro', '/', '--info-fd', String(infoFd), '--'],
        ...command,
    ];
}

function bind(option: string, mount: Mount) {
    return typeof mount === 'string' ? [option, mount, mount] : [option, mount.from, mount.at];
}
