import type { InstanceSpec } from '../../../src/instances/types.js';

export const exampleSpec: InstanceSpec = {
    id: 'terminal',
    app: {
        id: 'terminal',
        name: 'Terminal',
        keywords: [],
        icon: 'terminal.svg',
        command: ['foot'],
        environment: {},
        domain: 'untrusted',
        image: '0'.repeat(64),
        layer: 'terminal',
        memoryMiB: 512,
        cpus: 1,
    },
    domain: { id: 'untrusted', name: 'Untrusted', colour: '#e66100', pattern: 'dashed', emblem: 'triangle' },
    desktopId: 'org.bulkhead.Instance.terminal',
    image: { kernel: '/i/vmlinux', initrd: '/i/initrd', base: '/i/base', layer: '/i/layer' },
};
