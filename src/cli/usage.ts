/** Finds the command that an argument vector means, and writes help for the whole, a group or one command. */
import type { Command } from './commands.js';

export type Parsed =
    { kind: 'run'; command: Command; operands: string[] } | { kind: 'wrong'; message: string };

type Table = Record<string, Command>;

/** `words` are the arguments without options. */
export function parse(table: Table, words: readonly string[]): Parsed {
    const [first, second] = words;
    if (first === undefined) return { kind: 'wrong', message: 'say what to do' };

    const [name, taken] = Object.hasOwn(table, `${first} ${second}`) ? [`${first} ${second}`, 2] : [first, 1];
    const command = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!command) {
        const inGroup = Object.keys(table).filter(key => key.startsWith(`${first} `));
        return {
            kind: 'wrong',
            message: inGroup.length > 0 ? `say ${inGroup.join(' or ')}` : `there is no "${first}"`,
        };
    }

    const operands = words.slice(taken);
    if (operands.length !== command.operands.length)
        return { kind: 'wrong', message: `usage: ${usageLine(name, command)}` };

    return { kind: 'run', command, operands };
}

/** Help for the words given: one command, a group of commands, or all. */
export function help(table: Table, words: readonly string[]): string {
    const all = Object.entries(table);
    const chosen = all.filter(([name]) => words.every((word, index) => name.split(' ')[index] === word));
    const lines = (chosen.length > 0 ? chosen : all).map(
        ([name, command]) => `  ${usageLine(name, command).padEnd(52)}${command.summary}`
    );
    return `Bulkhead runs each app in a virtual machine of its own.\n\nUsage:\n${lines.join('\n')}\n\nOptions:\n  --json    print JSON\n  --help    show this help\n\nExit codes: 0 done, 1 not done, 2 wrong usage.\n`;
}

const usageLine = (name: string, command: Command) => ['bulkhead', name, ...command.operands].join(' ');
