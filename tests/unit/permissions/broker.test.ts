import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { defaultDomains } from '../../../src/domains/domain.js';
import type { InstanceSpec } from '../../../src/instances/types.js';
import { PermissionBroker } from '../../../src/permissions/broker.js';
import { limits } from '../../../src/shared/limits.js';

const [personal, work] = defaultDomains;
const instance = (id: string, domain = personal!) => ({ id, domain }) as InstanceSpec;
const editor = instance('editor');
const asker = () => new AbortController().signal;

let stored: Map<string, string>;
let lines: Record<string, string>[];
const prompt = jest.fn<(instance: string, resource: string, detail: string) => Promise<unknown>>();
let broker: PermissionBroker;

beforeEach(() => {
    stored = new Map();
    lines = [];
    prompt.mockReset().mockResolvedValue('deny');
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    broker = new PermissionBroker({
        store: {
            get: async (id, resource) => stored.get(`${id} ${resource}`),
            allow: async (id, resource) => void stored.set(`${id} ${resource}`, 'allow'),
        },
        audit: { write: line => void lines.push(line) },
        prompt,
    });
});

const paste = (spec = editor) => broker.ask(spec, 'clipboard-read', 'text/plain', asker());

describe('what the person answers', () => {
    test('once grants this time only', async () => {
        prompt.mockResolvedValueOnce('once');
        expect([await paste(), await paste()]).toEqual([true, false]);
        expect(stored.size).toBe(0);
    });

    test('while-running grants until the instance has ended, and not another instance or resource', async () => {
        prompt.mockResolvedValueOnce('while-running');
        expect([await paste(), await paste()]).toEqual([true, true]);
        expect(prompt).toHaveBeenCalledTimes(1);
        expect(await paste(instance('other'))).toBe(false);
        expect(await broker.ask(editor, 'fullscreen', '', asker())).toBe(false);
        broker.ended(editor);
        expect(await paste()).toBe(false);
    });

    test('always is remembered, a denial is not', async () => {
        prompt.mockResolvedValueOnce('deny').mockResolvedValueOnce('always');
        expect([await paste(), await paste(), await paste()]).toEqual([false, true, true]);
        expect(prompt).toHaveBeenCalledTimes(2);
        expect([...stored]).toEqual([['editor clipboard-read', 'allow']]);
    });

    test.each([undefined, '', 'ALLOW', 'allow', true, ['once']])(
        'an answer we do not know (%j) denies',
        async answer => {
            prompt.mockResolvedValueOnce(answer);
            expect(await paste()).toBe(false);
        }
    );
});

describe('what is remembered', () => {
    test('a remembered denial holds without a question', async () => {
        stored.set('editor clipboard-read', 'deny');
        expect(await paste()).toBe(false);
        expect(prompt).not.toHaveBeenCalled();
    });

    test('a remembered word we do not know denies', async () => {
        stored.set('editor clipboard-read', 'allow yes');
        prompt.mockResolvedValue('always');
        expect(await paste()).toBe(false);
    });
});

describe('on any doubt the answer is no', () => {
    test('no extension, no store or no audit log', async () => {
        prompt.mockRejectedValueOnce(new Error('no shell'));
        expect(await paste()).toBe(false);

        prompt.mockResolvedValue('once');
        const fails = async () => Promise.reject(new Error('gone'));
        const noStore = new PermissionBroker({
            store: { get: fails, allow: fails },
            audit: { write: () => undefined },
            prompt,
        });
        expect(await noStore.ask(editor, 'fullscreen', '', asker())).toBe(false);

        const noAudit = new PermissionBroker({
            store: { get: async () => undefined, allow: async () => undefined },
            audit: {
                write: () => {
                    throw new Error('disk full');
                },
            },
            prompt,
        });
        expect(await noAudit.ask(editor, 'fullscreen', '', asker())).toBe(false);
    });

    test('a guest that floods with questions is denied unseen beyond the limit', async () => {
        prompt.mockReturnValue(new Promise(() => undefined));
        for (let i = 0; i < limits.pendingPrompts; i++) void paste();
        expect(await paste()).toBe(false);
        expect(prompt).toHaveBeenCalledTimes(limits.pendingPrompts);
    });

    test('an asker that is gone gets a no at once, and no grant that comes later', async () => {
        let answer!: (decision: string) => void;
        prompt.mockReturnValueOnce(new Promise(resolve => (answer = resolve)));
        const gone = new AbortController();
        const asked = broker.ask(editor, 'clipboard-read', '', gone.signal);
        gone.abort();
        answer('once');
        expect(await asked).toBe(false);
    });
});

describe('the clipboard', () => {
    test('within one domain needs no question', async () => {
        broker.clipboardOwner(instance('viewer'), true);
        expect(await paste()).toBe(true);
        expect(prompt).not.toHaveBeenCalled();
    });

    test("another domain's, the host's, and that of an instance that has ended need one", async () => {
        await paste();
        broker.clipboardOwner(instance('mail', work), true);
        await paste();
        const viewer = instance('viewer');
        broker.clipboardOwner(viewer, true);
        broker.ended(viewer);
        await paste();
        expect(prompt).toHaveBeenCalledTimes(3);
    });

    test('an instance that lost it does not take it from the one that has it now', async () => {
        broker.clipboardOwner(instance('mail', work), true);
        broker.clipboardOwner(instance('viewer'), true);
        broker.clipboardOwner(instance('mail', work), false);
        expect(await paste()).toBe(true);
    });

    test('a domain that owns the clipboard gets nothing else by it', async () => {
        broker.clipboardOwner(instance('viewer'), true);
        expect(await broker.ask(editor, 'fullscreen', '', asker())).toBe(false);
    });
});

test('every decision is one audit line, which never holds what the guest wrote', async () => {
    await paste();
    stored.set('editor clipboard-read', 'allow');
    await paste();
    expect(lines).toEqual([
        {
            instance: 'editor',
            event: 'permission',
            resource: 'clipboard-read',
            decision: 'deny',
            why: 'asked: deny',
        },
        {
            instance: 'editor',
            event: 'permission',
            resource: 'clipboard-read',
            decision: 'allow',
            why: 'remembered',
        },
    ]);
});
