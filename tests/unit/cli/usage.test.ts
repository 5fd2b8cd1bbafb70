import { describe, expect, test } from '@jest/globals';
import { table } from '../../../src/cli/table.js';
import { help, parse } from '../../../src/cli/usage.js';

const run = async () => ({ data: null, text: '' });
const commands = {
    launch: { operands: ['APP'], summary: 'start an app', run },
    list: { operands: [], summary: 'list', run },
    'permissions list': { operands: [], summary: 'list what is remembered', run },
    'permissions forget': { operands: ['INSTANCE', 'RESOURCE'], summary: 'forget', run },
};

describe('the command line', () => {
    test('finds commands of one and of two words', () => {
        expect(parse(commands, ['launch', 'editor'])).toMatchObject({ kind: 'run', operands: ['editor'] });
        expect(parse(commands, ['permissions', 'forget', 'a', 'b'])).toMatchObject({
            command: { summary: 'forget' },
        });
    });

    test.each([
        [[], 'say what to do'],
        [['nonsense'], 'there is no "nonsense"'],
        [['constructor'], 'there is no "constructor"'],
        [['permissions'], 'say permissions list or permissions forget'],
        [['launch'], 'usage: bulkhead launch APP'],
        [['list', 'all'], 'usage: bulkhead list'],
    ])('%j is wrong, and says how', (words, message) => {
        expect(parse(commands, words)).toEqual({ kind: 'wrong', message });
    });

    test('help names all commands, one group, or one command', () => {
        expect(help(commands, [])).toContain('bulkhead launch APP');
        expect(help(commands, ['permissions'])).not.toContain('launch');
        expect(help(commands, ['permissions', 'list'])).not.toContain('forget');
    });
});

test('a table cannot be broken by control characters in a cell', () => {
    expect(table(['A', 'B'], [['x\u001b[2J\n', 1]])).toBe('A       B\nx?[2J?  1\n');
});
