/** A person answering the permission prompt: sees it, reads it, clicks once it accepts clicks. */
import { named, type Hands } from './hands.js';
import type { ShellConnection } from './shell.js';

/** Which answers there are, and what is clicked for each. */
const clicks = {
    deny: ['bulkhead-deny'],
    once: ['bulkhead-once', 'bulkhead-allow'],
    'while-running': ['bulkhead-while-running', 'bulkhead-allow'],
    always: ['bulkhead-always', 'bulkhead-allow'],
} as const;
export type Answer = keyof typeof clicks;

export class Prompt {
    readonly #shell: ShellConnection;
    readonly #hands: Hands;

    constructor(shell: ShellConnection, hands: Hands) {
        this.#shell = shell;
        this.#hands = hands;
    }

    isShown() {
        return this.#shell.eval<boolean>(`return ${named('bulkhead-prompt')} !== undefined;`);
    }

    async shown() {
        await this.#shell.until('the permission prompt', `return ${named('bulkhead-prompt')} !== undefined;`);
    }

    /** On screen, and its buttons accept clicks. */
    async armed() {
        await this.#shell.until(
            'the permission prompt to accept clicks',
            `return ${named('bulkhead-allow')}?.reactive;`
        );
    }

    async closed() {
        await this.#shell.until('the prompt to close', `return ${named('bulkhead-prompt')} === undefined;`);
    }

    /** Clicks the answer as soon as the prompt accepts it, and waits until the prompt has closed. */
    async answer(answer: Answer) {
        for (const name of clicks[answer]) await this.#hands.clickActor(name, named(name));
        await this.closed();
    }

    /** Escape, which denies. */
    async escape() {
        await this.#hands.keys('Escape');
        await this.closed();
    }
}
