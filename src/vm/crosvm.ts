/**
 * crosvm behind the same interface as QEMU. Its command line follows VMM.md section 1, read from crosvm's parser; options
 * that not every build knows are given only when `crosvm run --help` names them, since its version says nothing.
 *
 * Its own sandbox is off: it needs user namespaces and a /proc of its own inside ours. Ours holds the whole process.
 */
import { dirname, join } from 'node:path';
import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import { guestCommandLine } from './backend.js';
import type { Backend, MachineConfig, MachineEnd, VmmControl } from './backend.js';
import type { HelperProcess } from './helperProcess.js';
import { findProgram } from './programs.js';
import { socketAppears } from './waitForSocket.js';

const controlSocket = (folder: string) => join(folder, 'control');

/** Options of a trimmed machine that crosvm got at some time, or has only with a build feature. */
const optional: readonly (readonly [string, ...string[]])[] = [
    ['--nested', 'off'],
    ['--no-usb'],
    ['--no-rtc'],
    ['--no-i8042'],
];

/** The long options that `crosvm run --help` names. */
export const optionsIn = (help: string) => new Set(help.match(/--[a-z0-9][a-z0-9-]*/g) ?? []);

/** The crosvm backend, for the build that is installed. */
export async function crosvm(): Promise<Backend> {
    const help = await execa(findProgram('crosvm'), ['run', '--help'], { stdin: 'ignore', timeout: 5_000 });
    const options = optionsIn(help.stdout);
    return {
        name: 'crosvm',
        confinement: config => ({
            command: [findProgram('crosvm'), ...crosvmArguments(config, options)],
            ro: [config.kernel, config.initrd, ...config.disks, dirname(config.vsockSocket)],
            rw: [config.folder],
            devices: ['/dev/kvm'],
        }),
        attach: attachCrosvm,
    };
}

/** crosvm's arguments for one machine. `options`: what the build knows. */
export function crosvmArguments(config: MachineConfig, options: ReadonlySet<string>): string[] {
    return [
        // Without it a crash and a power-off have the same exit status (VMM.md 1.13).
        '--extended-status',
        ...['--no-syslog', '--log-level', 'info', 'run', '--disable-sandbox'],
        ...['--name', config.name, '-m', String(config.memoryMiB), '-c', String(config.cpus)],
        ...['-s', controlSocket(config.folder)],
        ...optional.filter(([name]) => options.has(name)).flat(),
        ...config.disks.flatMap(path => ['--block', `path=${quote(path)},ro`]),
        ...['--vhost-user', `type=vsock,socket=${quote(config.vsockSocket)}`],
        // A file would grow as the guest likes.
        ...['--serial', 'type=sink,hardware=serial,num=1,console'],
        ...['-i', config.initrd, '-p', guestCommandLine('ttyS0'), config.kernel],
    ];
}

/** crosvm's key=value grammar splits at commas and brackets outside of quotes. */
const quote = (value: string) => (/[,[\]"']/.test(value) ? JSON.stringify(value) : value);

async function attachCrosvm(
    process: HelperProcess,
    folder: string,
    signal: AbortSignal
): Promise<VmmControl> {
    const socket = controlSocket(folder);
    await socketAppears(socket, 'crosvm', signal);
    return {
        ended: process.ended.then(async status => {
            // crosvm leaves its socket behind, and refuses to start where there is one.
            await rm(socket, { force: true });
            return crosvmEnd(status);
        }),
        console: () => Promise.resolve(''),
        quit: () =>
            void execa(findProgram('crosvm'), ['stop', socket], { stdin: 'ignore', timeout: 5_000 }).catch(
                () => process.kill()
            ),
    };
}

/** crosvm's exit status with --extended-status (VMM.md 1.13), in a person's words. */
const ends = new Map<number | undefined, MachineEnd>([
    [0, { clean: true, reason: 'The guest powered off.' }],
    [1, { clean: false, reason: 'crosvm could not start the virtual machine.' }],
    [32, { clean: false, reason: 'The guest system restarted.' }],
    [33, { clean: false, reason: 'The virtual machine crashed.' }],
    [34, { clean: false, reason: 'The guest system crashed.' }],
    [35, { clean: false, reason: 'crosvm did not understand its command line.' }],
]);

/** What crosvm's exit status means; undefined when it was killed or is not our child. */
export const crosvmEnd = (status: number | undefined): MachineEnd =>
    ends.get(status) ?? { clean: false, reason: 'The virtual machine was killed.' };
