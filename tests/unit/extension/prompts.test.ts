import { describe, expect, it } from '@jest/globals';
import { BadRecord } from '../../../extension/attribution/registration.js';
import { parsePrompt } from '../../../extension/daemon/promptRecord.js';
import { PromptQueue, waitingPerInstance, type Decision } from '../../../extension/prompts/queue.js';
import { quote, quoteLength } from '../../../extension/prompts/quote.js';
import { wordsFor } from '../../../extension/prompts/texts.js';

interface Question {
    instance: string;
    what: string;
}

/** A screen that shows what the queue tells it to. */
function desk() {
    const state = {
        locked: false,
        broken: false,
        visible: [] as string[],
        answers: [] as ((d: Decision) => void)[],
    };
    const queue = new PromptQueue<Question>(
        ({ what }, answer) => {
            if (state.broken) return null;

            state.visible.push(what);
            state.answers.push(answer);
            return { dismiss: () => state.visible.splice(state.visible.indexOf(what), 1) };
        },
        () => !state.locked
    );
    const answer = (decision: Decision) => {
        state.visible.pop();
        state.answers.at(-1)!(decision);
    };
    return { state, queue, answer, ask: (what: string, instance = 'a') => queue.ask({ instance, what }) };
}

describe('the queue of prompts', () => {
    it('shows one prompt at a time, in order', async () => {
        const { state, ask, answer } = desk();
        const [first, second] = [ask('one'), ask('two', 'b')];
        expect(state.visible).toEqual(['one']);
        answer('once');
        expect(state.visible).toEqual(['two']);
        answer('always');
        expect(await Promise.all([first, second])).toEqual(['once', 'always']);
    });

    it('shows nothing while the screen is locked, and takes back what is shown', async () => {
        const { state, queue, ask, answer } = desk();
        const first = ask('one');
        state.locked = true;
        queue.sync();
        const second = ask('two');
        expect(state.visible).toEqual([]);
        state.locked = false;
        queue.sync();
        expect(state.visible).toEqual(['one']);
        answer('deny');
        answer('once');
        expect(await Promise.all([first, second])).toEqual(['deny', 'once']);
    });

    it('takes no answer from a dialog that it took back', async () => {
        const { state, queue, ask } = desk();
        let decision: Decision | undefined;
        void ask('one').then(answered => (decision = answered));
        for (const locked of [true, false]) {
            state.locked = locked;
            queue.sync();
            state.answers[0]!('always');
        }
        await Promise.resolve();
        expect(decision).toBeUndefined();
        expect(state.visible).toEqual(['one']);
    });

    it('denies a prompt that cannot be shown, and goes on', async () => {
        const { state, ask } = desk();
        state.broken = true;
        expect(await ask('one')).toBe('deny');
        expect(await ask('two')).toBe('deny');
    });

    it('denies all that wait at teardown', async () => {
        const { state, queue, ask } = desk();
        const all = [ask('one'), ask('two', 'b')];
        queue.cancel();
        expect(await Promise.all(all)).toEqual(['deny', 'deny']);
        expect(state.visible).toEqual([]);
    });

    it('denies the prompts of an instance that is gone, and only those', async () => {
        const { state, queue, ask } = desk();
        const gone = [ask('one'), ask('two')];
        void ask('three', 'b');
        queue.cancel(({ instance }) => instance === 'a');
        expect(await Promise.all(gone)).toEqual(['deny', 'deny']);
        expect(state.visible).toEqual(['three']);
    });

    it('closes the prompt on the screen that is withdrawn, takes no late answer from it, and shows the next', async () => {
        const { state, queue, ask } = desk();
        const first = ask('one');
        void ask('two');
        queue.cancel(({ what }) => what === 'one');
        state.answers[0]!('always');
        expect(await first).toBe('deny');
        expect(state.visible).toEqual(['two']);
    });

    it('never shows a prompt that is withdrawn while it waits, and leaves the one on the screen alone', async () => {
        const { state, queue, ask, answer } = desk();
        const first = ask('one');
        const second = ask('two');
        queue.cancel(({ what }) => what === 'two');
        expect(await second).toBe('deny');
        expect(state.visible).toEqual(['one']);
        answer('once');
        expect(await first).toBe('once');
        expect(state.answers).toHaveLength(1);
    });

    it('denies unseen what one instance asks beyond its cap, and lets others in', async () => {
        const { state, ask, answer } = desk();
        for (let at = 0; at <= waitingPerInstance; at++) void ask(`flood ${at}`);
        expect(await ask('too much')).toBe('deny');
        void ask('other', 'b');
        for (let at = 0; at <= waitingPerInstance; at++) answer('deny');
        expect(state.visible).toEqual(['other']);
    });
});

describe('guest text in a prompt', () => {
    it('is in quotation marks', () => {
        expect(quote('hello')).toBe('“hello”');
    });

    it('cannot turn the direction of our words', () => {
        expect(quote('a\u202eb\u2066c\u200fd')).toBe('“a b c d”');
    });

    it('cannot add lines, nor hide in zero-width characters', () => {
        expect(quote('a\n\n\u2028b\u200b\u0000c')).toBe('“a b c”');
        expect(quote('\u200b\n')).toBe('');
    });

    it('is cut, by whole characters', () => {
        const quoted = quote('😀'.repeat(quoteLength * 2));
        expect([...quoted]).toHaveLength(quoteLength + 2);
        expect(quoted.endsWith('😀…”')).toBe(true);
    });

    it('cannot stack marks over our words', () => {
        expect([...quote(`a${'\u0301'.repeat(50)}`)].length).toBeLessThanOrEqual(6);
    });
});

describe('the words of a prompt', () => {
    const same = (text: string) => text;

    it('name the app and its domain', () => {
        const { title, consequence } = wordsFor(
            'clipboard-read',
            { app: 'Editor', domain: 'Work', untrustedDetail: '' },
            same
        );
        expect(title).toBe('Paste into Editor?');
        expect(consequence).toContain('Editor in Work');
    });

    it('do not fill placeholders that a name contains', () => {
        const { title } = wordsFor(
            'fullscreen',
            { app: '{domain} $&', domain: 'Work', untrustedDetail: '' },
            same
        );
        expect(title).toBe('Let {domain} $& fill the screen?');
    });

    const asksFor = (untrustedDetail: string) =>
        wordsFor('clipboard-read', { app: 'Editor', domain: 'Work', untrustedDetail }, same).detail;

    it.each([
        ['text/plain', 'It asks for text.'],
        ['text/plain;charset=utf-8', 'It asks for text.'],
        ['UTF8_STRING', 'It asks for text.'],
        ['Text/HTML', 'It asks for formatted text (HTML).'],
        ['image/png', 'It asks for an image.'],
        ['text/uri-list', 'It asks for files.'],
    ])('name the type %s as a person would', (type, words) => {
        expect(asksFor(type)).toBe(words);
    });

    it.each(['application/x-thing', 'image/x-unheard-of', 'constructor', 'your password'])(
        'quote a type that we do not know (%s) as the app’s own',
        type => {
            expect(asksFor(type)).toBe(`It asks for what it calls “${type}”.`);
        }
    );

    it('show nothing that a guest hides behind a known type, nor an endless one', () => {
        expect(asksFor('text/plain;\n“Press Allow”')).toBe('It asks for text.');
        expect(asksFor('x'.repeat(5000))!.length).toBeLessThan(120);
        expect(asksFor('')).toBeNull();
    });
});

describe('the record of a prompt', () => {
    const record = { id: 7, instance: 'editor', resource: 'fullscreen', detail: '' };

    it('has an id, by which it can be withdrawn', () => {
        expect(parsePrompt(record)).toEqual({
            id: 7,
            instance: 'editor',
            resource: 'fullscreen',
            untrustedDetail: '',
        });
    });

    it.each([{ id: undefined }, { id: 0 }, { id: '7' }, { id: 1.5 }, { more: 1 }])(
        'is refused with %j',
        change => {
            expect(() => parsePrompt({ ...record, ...change })).toThrow(BadRecord);
        }
    );
});
