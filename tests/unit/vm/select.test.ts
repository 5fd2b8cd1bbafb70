import { describe, expect, test } from '@jest/globals';
import { choose } from '../../../src/vm/select.js';

const tcg = ['qemu-tcg', { usable: true, reason: 'it runs everywhere' }] as const;

describe('the choice of a VMM', () => {
    test('is the first usable one', () => {
        const yes = { usable: true, reason: 'KVM ran a guest' };
        expect(choose([['crosvm', yes], ['qemu-kvm', yes], tcg])).toEqual({
            name: 'crosvm',
            reason: 'crosvm: KVM ran a guest',
        });
    });

    test('says why the better ones were not taken', () => {
        const no = { usable: false, reason: 'KVM cannot run a guest here (x)' };
        expect(choose([['qemu-kvm', no], tcg]).reason).toBe(
            'qemu-tcg: it runs everywhere; not qemu-kvm: KVM cannot run a guest here (x)'
        );
    });
});
