import { describe, expect, it } from '@jest/globals';
import {
    BadRecord,
    parseRegistration,
    type Registration,
} from '../../../extension/attribution/registration.js';
import { Registry } from '../../../extension/attribution/registry.js';
import { judge } from '../../../extension/attribution/verdict.js';

const record = {
    instance: 'editor',
    pid: 42,
    startTime: 1000,
    desktopId: 'org.bulkhead.Instance.editor',
    appName: 'Text Editor',
    domainId: 'work',
    domainName: 'Work',
    domainColour: '#3584e4',
    domainPattern: 'double',
    domainEmblem: 'square',
};

function registered(startTimes: Record<number, number> = { 42: 1000 }) {
    const registry = new Registry(pid => startTimes[pid] ?? null);
    const registration: Registration = parseRegistration(record);
    registry.add(registration);
    return { registry, registration, startTimes };
}

describe('the verdict on a window', () => {
    it('is the instance when pid, start time and sandbox id agree', () => {
        const { registry, registration } = registered();
        expect(judge({ pid: 42, sandboxId: record.desktopId }, registry)).toEqual({
            kind: 'instance',
            registration,
        });
    });

    it('is host for a process that nobody registered', () => {
        const { registry } = registered();
        expect(judge({ pid: 7, sandboxId: null }, registry).kind).toBe('host');
        expect(judge({ pid: 7, sandboxId: 'org.gnome.TextEditor' }, registry).kind).toBe('host');
    });

    it('is unverified for an unregistered process with a sandbox id of ours', () => {
        const { registry } = registered();
        expect(judge({ pid: 7, sandboxId: record.desktopId }, registry).kind).toBe('unverified');
        expect(judge({ pid: 7, sandboxId: 'org.bulkhead.Instance.other' }, registry).kind).toBe('unverified');
    });

    it('is unverified, never host, for a registered pid without the sandbox id', () => {
        const { registry } = registered();
        expect(judge({ pid: 42, sandboxId: null }, registry).kind).toBe('unverified');
        expect(judge({ pid: 42, sandboxId: 'org.bulkhead.Instance.other' }, registry).kind).toBe(
            'unverified'
        );
    });

    it('is unverified when the pid was given to a later process', () => {
        const { registry, startTimes } = registered();
        startTimes[42] = 2000;
        expect(judge({ pid: 42, sandboxId: record.desktopId }, registry).kind).toBe('unverified');
    });
});

describe('the registry', () => {
    it('keeps a registration while its process lives', () => {
        const { registry } = registered();
        registry.prune();
        expect(registry.get('editor')?.pid).toBe(42);
    });

    it('forgets a registration whose process is gone or is another one', () => {
        for (const later of [undefined, 2000]) {
            const { registry, startTimes } = registered();
            startTimes[42] = later as number;
            registry.prune();
            expect(registry.size).toBe(0);
        }
    });

    it('replaces the registration of the same instance', () => {
        const { registry } = registered({ 42: 1000, 43: 1100 });
        registry.add(parseRegistration({ ...record, pid: 43, startTime: 1100 }));
        expect(registry.size).toBe(1);
        expect(registry.byPid(42)).toBeUndefined();
    });
});

describe('a registration record', () => {
    it.each([
        ['a colour that would end the style', { domainColour: '#fff; } x' }],
        ['a name with a direction override', { domainName: 'Work\u202e' }],
        ['a name with a line break', { appName: 'Text\nEditor' }],
        ['a desktop id outside our prefix', { desktopId: 'org.gnome.Settings' }],
        ['an unknown pattern', { domainPattern: 'wavy' }],
        ['a pattern that only contains a known one', { domainPattern: 'not solid' }],
        ['pid 0', { pid: 0 }],
        ['a pid that is no number', { pid: '42' }],
        ['an unknown key', { colour: '#000000' }],
        ['a missing key', { domainEmblem: undefined }],
    ])('is refused with %s', (_what, change) => {
        expect(() => parseRegistration({ ...record, ...change })).toThrow(BadRecord);
    });
});
