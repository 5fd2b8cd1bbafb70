import { describe, expect, test } from '@jest/globals';
import { crosvmArguments, crosvmEnd, optionsIn } from '../../../src/vm/crosvm.js';
import { qemuArguments } from '../../../src/vm/qemu.js';

const config = {
    name: 'terminal',
    kernel: '/i/vmlinux',
    initrd: '/i/initrd',
    disks: ['/i/base.erofs', '/i/app.erofs'],
    memoryMiB: 512,
    cpus: 2,
    folder: '/r/vmm',
    vsockSocket: '/r/vsock/device',
};
const after = (argv: string[], option: string) =>
    argv.flatMap((word, i) => (word === option ? [argv[i + 1]!] : []));

describe("QEMU's command line", () => {
    const argv = qemuArguments(config, 'tcg');

    test('has the machine that boots every time without KVM', () => {
        expect(after(argv, '-M')[0]).toMatch(/^q35,memory-backend=memory,/);
        expect(after(argv, '-accel')).toEqual(['tcg']);
        expect(after(argv, '-cpu')).toEqual(['max']);
        expect(after(qemuArguments(config, 'kvm'), '-cpu')).toEqual(['host']);
    });

    test('gives the guest no device that it does not need, and no network', () => {
        expect(argv).toEqual(expect.arrayContaining(['-nodefaults', '-no-user-config']));
        expect(argv).not.toContain('-netdev');
        expect(argv).not.toContain('-nic');
    });

    test("has QEMU's own system call filter on", () => {
        expect(after(argv, '-sandbox')).toEqual([
            'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
        ]);
    });

    test('shares the memory with the vsock device, all of it', () => {
        expect(after(argv, '-object')).toEqual(['memory-backend-memfd,id=memory,size=512M,share=on']);
        expect(after(argv, '-m')).toEqual(['512M']);
    });

    test('gives the layers in order and read-only', () => {
        const disks = after(argv, '-blockdev').map(json => JSON.parse(json) as Record<string, unknown>);
        expect(disks.map(disk => disk.file)).toMatchObject([
            { filename: '/i/base.erofs' },
            { filename: '/i/app.erofs' },
        ]);
        expect(disks.map(disk => disk['read-only'])).toEqual([true, true]);
        expect(disks.map(disk => disk.driver)).toEqual(['raw', 'raw']);
    });

    test('a comma in a path does not add an option', () => {
        const odd = qemuArguments({ ...config, folder: '/r/a,server=off' }, 'tcg');
        expect(after(odd, '-chardev').at(-1)).toContain('path=/r/a,,server=off/qmp,');
    });

    test('keeps the console in memory of a fixed size', () => {
        expect(after(argv, '-chardev')).toContain('ringbuf,id=console,size=32768');
        expect(argv.join(' ')).not.toContain('file:');
    });
});

describe("crosvm's command line", () => {
    const argv = crosvmArguments(config, new Set());

    test('tells a crash from a power-off by its exit status', () => {
        expect(argv.indexOf('--extended-status')).toBeLessThan(argv.indexOf('run'));
        expect(crosvmEnd(0).clean).toBe(true);
        for (const status of [1, 32, 33, 34, 35, 134, undefined]) expect(crosvmEnd(status).clean).toBe(false);
        expect(crosvmEnd(34).reason).toBe('The guest system crashed.');
    });

    test('gives the layers in order and read-only, and the kernel last', () => {
        expect(after(argv, '--block')).toEqual(['path=/i/base.erofs,ro', 'path=/i/app.erofs,ro']);
        expect(argv.at(-1)).toBe('/i/vmlinux');
    });

    test('connects the vsock device and has no network', () => {
        expect(after(argv, '--vhost-user')).toEqual(['type=vsock,socket=/r/vsock/device']);
        expect(argv).not.toContain('--net');
    });

    test('gives options that only some builds know only to those', () => {
        expect(argv).not.toContain('--nested');
        const options = optionsIn('  --nested   [mode=]off\n  --no-usb  no usb\n  -m, --mem');
        expect(crosvmArguments(config, options)).toEqual(
            expect.arrayContaining(['--nested', 'off', '--no-usb'])
        );
        expect(crosvmArguments(config, options)).not.toContain('--no-rtc');
    });

    test('a comma in a path does not add a key', () => {
        const odd = crosvmArguments({ ...config, disks: ['/i/a,ro=false'] }, new Set());
        expect(after(odd, '--block')).toEqual(['path="/i/a,ro=false",ro']);
    });
});
