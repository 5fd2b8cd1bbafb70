import { describe, expect, test } from '@jest/globals';
import { sandboxArgv } from '../../../src/vm/sandbox.js';

const argv = sandboxArgv(
    {
        command: ['/usr/bin/helper', '--flag'],
        ro: ['/image/kernel', { from: '/host/id', at: '/.flatpak-info' }],
        rw: ['/run/x'],
        devices: ['/dev/kvm'],
        env: { NAME: 'value with spaces' },
    },
    3
);
const has = (...part: string[]) =>
    argv.some((_, index) => part.every((word, offset) => argv[index + offset] === word));

describe('the sandbox of a helper', () => {
    test('has namespaces of its own, no network, no capability and an empty environment', () => {
        expect(argv).toEqual(expect.arrayContaining(['--unshare-all', '--new-session', '--clearenv']));
        expect(has('--cap-drop', 'ALL')).toBe(true);
        expect(argv).not.toContain('--share-net');
    });

    test('outlives the daemon, and what the program forks does not outlive the program', () => {
        expect(argv).not.toContain('--die-with-parent');
        expect(argv).toContain('--as-pid-1');
    });

    test('holds /usr read-only, the named files, and nothing else of the host', () => {
        const mounts = argv.flatMap((word, index) =>
            /^--(ro-|dev-)?bind/.test(word) ? [argv.slice(index, index + 3).join(' ')] : []
        );
        expect(mounts).toEqual([
            '--ro-bind /usr /usr',
            '--ro-bind /image/kernel /image/kernel',
            '--ro-bind /host/id /.flatpak-info',
            '--bind /run/x /run/x',
            '--dev-bind /dev/kvm /dev/kvm',
        ]);
        expect(argv).not.toContain('--proc');
    });

    test('has a root that the program cannot write to', () => {
        expect(has('--remount-ro', '/')).toBe(true);
    });

    test('a program outside of /usr is bound too', () => {
        expect(sandboxArgv({ command: ['/opt/crosvm'] }, 3).join(' ')).toContain('--ro-bind /opt/crosvm');
    });

    test('keeps arguments and values whole', () => {
        expect(has('--setenv', 'NAME', 'value with spaces')).toBe(true);
        expect(argv.slice(-3)).toEqual(['--', '/usr/bin/helper', '--flag']);
    });
});
