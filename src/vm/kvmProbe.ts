/**
 * Whether KVM really runs a guest here. That /dev/kvm can be opened proves nothing (ENVIRONMENT.md), so QEMU runs one vCPU
 * with the processor model that our machines get, on a firmware of five bytes that writes one number to a port.
 */
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Probe } from './backend.js';
import { findProgram, hasProgram } from './programs.js';

/** A KVM that works needs about 0.1 s. */
const probeDeadline = 5_000;
/** mov al, 0x10; out 0xf4, al; hlt: at the reset vector, 16 bytes below the top of a 64 KiB firmware. */
const program = [0xb0, 0x10, 0xe6, 0xf4, 0xf4];
/** isa-debug-exit turns the value 0x10 into this exit status: (value << 1) | 1. */
const provenStatus = 0x21;

/** Runs the probe; takes 5 s at most. */
export async function probeKvm(): Promise<Probe> {
    if (!canOpen('/dev/kvm'))
        return { usable: false, reason: 'there is no /dev/kvm that this user may open' };
    if (!hasProgram('qemu-system-x86_64')) return { usable: false, reason: 'QEMU is not installed' };

    const folder = await mkdtemp(join(tmpdir(), 'bulkhead-kvm-'));
    try {
        return await runFirmware(join(folder, 'firmware'));
    } finally {
        await rm(folder, { recursive: true });
    }
}

async function runFirmware(path: string): Promise<Probe> {
    const firmware = Buffer.alloc(64 * 1024, 0xf4);
    firmware.set(program, firmware.length - 16);
    await writeFile(path, firmware);

    const argv = [
        ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
        ...['-M', 'q35', '-accel', 'kvm', '-cpu', 'host', '-m', '2M', '-bios', path],
        ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=4'],
    ];
    const result = await execa(findProgram('qemu-system-x86_64'), argv, {
        reject: false,
        stdin: 'ignore',
        timeout: probeDeadline,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024,
    });
    if (result.exitCode === provenStatus) return { usable: true, reason: 'KVM ran a guest' };
    if (result.timedOut)
        return { usable: false, reason: `KVM ran no guest within ${probeDeadline / 1000} s` };

    return { usable: false, reason: `KVM cannot run a guest here (${lastError(result.stderr)})` };
}

/** QEMU's own words for what went wrong, without its name in front. */
function lastError(stderr: string) {
    const line = stderr.split('\n').find(text => text.includes('rror')) ?? stderr.split('\n')[0] ?? '';
    return line.replace(/^[^:]*qemu-system-x86_64: */, '').slice(0, 200) || 'QEMU gave no reason';
}

function canOpen(path: string) {
    try {
        accessSync(path, constants.R_OK | constants.W_OK);
        return true;
    } catch {
        return false;
    }
}
