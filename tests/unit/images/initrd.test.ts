import { describe, expect, test } from '@jest/globals';
import { cpio } from '../../../src/images/cpio.js';
import { makeInitrd } from '../../../src/images/initrd.js';

const bytes = (text: string) => Buffer.from(text);

const parts = {
    busybox: bytes('busybox'),
    modules: ['b.ko', 'a.ko'].map(name => ({ name, content: bytes(name) })),
    libraries: [{ name: 'libva.so.2', content: bytes('stub') }],
    init: bytes('init'),
    stage2: bytes('stage2'),
    session: bytes('session'),
    agent: bytes('agent'),
};

/** Reads a newc archive by its specification. */
function list(archive: Buffer) {
    const found = new Map<string, { mode: number; mtime: number; content: string }>();
    for (let at = 0; ;) {
        expect(archive.toString('latin1', at, at + 6)).toBe('070701');
        const field = (n: number) =>
            parseInt(archive.toString('latin1', at + 6 + 8 * n, at + 14 + 8 * n), 16);
        const nameEnd = at + 110 + field(11);
        const name = archive.toString('utf8', at + 110, nameEnd - 1);
        const start = (nameEnd + 3) & ~3;
        const content = archive.toString('utf8', start, start + field(6));
        if (name === 'TRAILER!!!') return found;
        found.set(name, { mode: field(1), mtime: field(5), content });
        at = (start + field(6) + 3) & ~3;
    }
}

describe('the initrd', () => {
    test('is the same bytes for the same parts', () => {
        expect(makeInitrd(parts)).toEqual(makeInitrd(parts));
    });

    test('names the modules in the order in which they are to be loaded', () => {
        expect(list(makeInitrd(parts)).get('modules/order')!.content).toBe('b.ko\na.ko\n');
    });

    test('has its programs executable, its agent not, and no times', () => {
        const found = list(makeInitrd(parts));
        for (const name of ['init', 'bin/busybox', 'bulkhead/stage2', 'bulkhead/session'])
            expect(found.get(name)!.mode).toBe(0o100755);

        expect(found.get('bulkhead/agent.js')).toEqual({ mode: 0o100644, mtime: 0, content: 'agent' });
        expect([...found.values()].every(({ mtime }) => mtime === 0)).toBe(true);
    });

    test('a folder stands before what is in it', () => {
        const names = [...list(makeInitrd(parts)).keys()];
        expect(names.indexOf('modules')).toBeLessThan(names.indexOf('modules/order'));
    });
});

test('contents of any length keep the next entry aligned', () => {
    const archive = cpio(
        [1, 2, 3, 4, 5].map(n => ({ path: `f${n}`, kind: 'file', content: Buffer.alloc(n, 120) }))
    );
    expect([...list(archive).values()].map(({ content }) => content.length)).toEqual([1, 2, 3, 4, 5]);
});
