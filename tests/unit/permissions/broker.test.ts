import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { defaultDomains } from '../../../src/domains/domain.js';
import type { InstanceSpec } from '../../../src/instances/types.js';
import { PermissionBroker, type BrokerParts } from '../../../src/permissions/broker.js';
import { limits } from '../../../src/shared/limits.js';

const instance = (id: string) => ({ id, domain: defaultDomains[0] }) as InstanceSpec;
const editor = instance('editor');
const asker = () => new AbortController().signal;

let stored: Map<string, string>;
let lines: Record<string, string>[];
const prompt = jest.fn<BrokerParts['prompt']>();
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
});

describe('a question that nobody waits for any more', () => {
    /** A prompt on the screen: what the broker gave it, and the person's answer. */
    const shown = () => {
        let answer!: (decision: string) => void;
        prompt.mockReturnValueOnce(new Promise(resolve => (answer = resolve)));
        return { answer, closed: () => prompt.mock.lastCall![3].aborted };
    };
    const asked = async (gone = new AbortController()) => {
        const decision = broker.ask(editor, 'clipboard-read', '', gone.signal);
        while (prompt.mock.calls.length === 0) await Promise.resolve();
        return { decision, gone };
    };

    test('is denied at once, and its prompt is closed', async () => {
        const { closed } = shown();
        const { decision, gone } = await asked();
        expect(closed()).toBe(false);
        gone.abort();
        expect(await decision).toBe(false);
        expect(closed()).toBe(true);
        expect(lines.at(-1)).toMatchObject({ decision: 'deny', why: 'withdrawn' });
    });

    test('is denied when the instance ends, and its prompt is closed', async () => {
        const { closed } = shown();
        const { decision } = await asked();
        broker.ended(instance('other'));
        expect(closed()).toBe(false);
        broker.ended(editor);
        expect(await decision).toBe(false);
        expect(closed()).toBe(true);
    });

    test.each(['always', 'while-running'])('grants and remembers nothing by a late “%s”', async late => {
        for (const end of [(gone: AbortController) => gone.abort(), () => broker.ended(editor)]) {
            prompt.mockClear();
            const { answer } = shown();
            const { decision, gone } = await asked();
            end(gone);
            answer(late);
            expect(await decision).toBe(false);
            expect(await paste()).toBe(false);
            expect(stored.size).toBe(0);
        }
    });

    test('is not asked when the asker went before it could be', async () => {
        expect(await broker.ask(editor, 'fullscreen', '', AbortSignal.abort())).toBe(false);
        expect(await paste()).toBe(false);
        expect(prompt).toHaveBeenCalledTimes(1);
    });
});

test('what was granted to an instance opens nothing for another of the same domain', async () => {
    prompt.mockResolvedValueOnce('while-running');
    expect(await paste(instance('viewer'))).toBe(true);
    expect(await paste()).toBe(false);
    expect(prompt).toHaveBeenCalledTimes(2);
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
