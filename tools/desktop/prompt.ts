/** A person answering the permission prompt: sees it, reads it, clicks once it accepts clicks. */
import type { Hands } from './hands.js';
import type { ShellConnection } from './shell.js';

/** The actors of that name under `root`, on screen. */
const named = (name: string) => `(function find(actor) {
    return (actor.name === '${name}' && actor.visible && actor.mapped) ? [actor] : actor.get_children().flatMap(find);
})(global.stage)[0]`;

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
        for (const name of clicks[answer]) {
            const [x, y] = await this.#shell.until<[number, number]>(
                `${name} to accept clicks`,
                `const button = ${named(name)};
                 if (!button?.reactive) return null;
                 const [bx, by] = button.get_transformed_position();
                 return [bx + button.width / 2, by + button.height / 2];`
            );
            await this.#hands.click(x, y);
        }
        await this.closed();
    }

    /** Escape, which denies. */
    async escape() {
        await this.#hands.keys('Escape');
        await this.closed();
    }
}
