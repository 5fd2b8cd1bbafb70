/**
 * QEMU, with KVM or without: q35 and virtio-pci (ENVIRONMENT.md: the machine type that boots every time under TCG),
 * memory that the vsock device can share, no default device, its own seccomp filter on top of our sandbox.
 *
 * QEMU's exit status says nothing about the guest: the reason of an end comes from QMP's SHUTDOWN event, and QEMU waits,
 * paused, until we have read it together with the console (VMM.md 4.6). The console is a ring in memory: bounded.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { guestCommandLine } from './backend.js';
import type { Backend, MachineConfig, MachineEnd, VmmControl } from './backend.js';
import type { HelperProcess } from './helperProcess.js';
import { findProgram } from './programs.js';
import { Qmp } from './qmp.js';
import { connectWhenThere } from './waitForSocket.js';

/** Bytes of console kept. A power of two, and in base64 well below limits.lineBytes. */
const consoleBytes = 32 * 1024;

const controlSocket = (folder: string) => join(folder, 'qmp');

/** The QEMU backend with the given accelerator. */
export function qemu(accelerator: 'kvm' | 'tcg'): Backend {
    return {
        name: `qemu-${accelerator}`,
        confinement: config => ({
            command: [findProgram('qemu-system-x86_64'), ...qemuArguments(config, accelerator)],
            ro: [config.kernel, config.initrd, ...config.disks, join(config.vsockSocket, '..')],
            rw: [config.folder],
            devices: accelerator === 'kvm' ? ['/dev/kvm'] : [],
        }),
        attach: attachQemu,
    };
}

/** QEMU's arguments for one machine. */
export function qemuArguments(config: MachineConfig, accelerator: 'kvm' | 'tcg'): string[] {
    return [
        ...['-name', escape(config.name), '-nodefaults', '-no-user-config', '-display', 'none'],
        ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
        ...['-action', 'reboot=shutdown,shutdown=pause,panic=shutdown'],
        ...['-M', 'q35,memory-backend=memory,usb=off,sata=off,smbus=off,vmport=off', '-accel', accelerator],
        ...['-cpu', accelerator === 'kvm' ? 'host' : 'max', '-smp', String(config.cpus)],
        ...['-m', `${config.memoryMiB}M`],
        ...['-object', `memory-backend-memfd,id=memory,size=${config.memoryMiB}M,share=on`],
        ...['-kernel', config.kernel, '-initrd', config.initrd, '-append', guestCommandLine('ttyS0')],
        ...config.disks.flatMap(diskArguments),
        ...['-chardev', `socket,id=vsock,path=${escape(config.vsockSocket)}`],
        ...['-device', 'vhost-user-vsock-pci,chardev=vsock'],
        ...['-chardev', `ringbuf,id=console,size=${consoleBytes}`, '-serial', 'chardev:console'],
        ...['-chardev', `socket,id=control,path=${escape(controlSocket(config.folder))},server=on,wait=off`],
        ...['-mon', 'chardev=control,mode=control'],
    ];
}

function diskArguments(path: string, index: number) {
    const disk = {
        driver: 'raw',
        'node-name': `disk${index}`,
        'read-only': true,
        file: { driver: 'file', filename: path, locking: 'off' },
    };
    return ['-blockdev', JSON.stringify(disk), '-device', `virtio-blk-pci,drive=disk${index}`];
}

/** QEMU ends an option's value at a comma; a doubled one stands for itself. */
const escape = (value: string) => value.replaceAll(',', ',,');

async function attachQemu(process: HelperProcess, folder: string, signal: AbortSignal): Promise<VmmControl> {
    const qmp = new Qmp(await connectWhenThere(controlSocket(folder), 'QEMU', signal));
    let end: MachineEnd | undefined;
    let consoleText = '';

    const readConsole = async () => {
        const ring = await qmp.execute('ringbuf-read', {
            device: 'console',
            size: consoleBytes,
            format: 'base64',
        });
        consoleText += Buffer.from(z.string().parse(ring), 'base64').toString('utf8');
        return (consoleText = consoleText.slice(-consoleBytes));
    };
    const finish = async (data: unknown) => {
        end ??= endOf(data);
        if (!end.clean) await readConsole();
        await qmp.execute('quit');
    };
    /** What fails because QEMU is gone needs no report: `ended` is that report. */
    const unlessGone = (work: Promise<unknown>) => void work.catch(() => qmp.close());

    qmp.on('event', (event, data) => {
        if (event === 'SHUTDOWN' && !end) unlessGone(finish(data));
        if (event === 'STOP' && !end) unlessGone(finish(undefined));
    });
    await qmp.execute('qmp_capabilities');
    const { status } = z.object({ status: z.string() }).parse(await qmp.execute('query-status'));
    // A guest that ended while no daemon was there to see it.
    if (status !== 'running') unlessGone(finish({ reason: status === 'shutdown' ? 'guest-shutdown' : '' }));

    return {
        ended: process.ended.then(() => {
            qmp.close();
            return end ?? { clean: false, reason: 'The virtual machine was killed.' };
        }),
        console: () => readConsole().catch(() => consoleText),
        quit: () => unlessGone(finish({ reason: 'host-qmp-quit' })),
    };
}

/** The reasons of QMP's SHUTDOWN event (ShutdownCause of qapi/run-state.json), in a person's words. */
const ends = new Map<string, MachineEnd>([
    ['guest-shutdown', { clean: true, reason: 'The guest powered off.' }],
    ['host-qmp-quit', { clean: true, reason: 'The virtual machine was stopped.' }],
    ['host-signal', { clean: false, reason: 'The virtual machine was ended by a signal.' }],
    ['guest-reset', { clean: false, reason: 'The guest system crashed or restarted.' }],
    ['guest-panic', { clean: false, reason: 'The guest system crashed.' }],
]);

const shutdownEvent = z.object({ reason: z.string() });

function endOf(data: unknown): MachineEnd {
    const event = shutdownEvent.safeParse(data);
    const known = event.success ? ends.get(event.data.reason) : undefined;
    return known ?? { clean: false, reason: 'The virtual machine stopped on an internal error.' };
}
