import { describe, expect, test } from '@jest/globals';
import { Commands } from '../../../src/instances/commands.js';
import { UserError } from '../../../src/shared/errors.js';
import { limits } from '../../../src/shared/limits.js';

describe('the commands of a guest', () => {
    test('are open from their start to their end', () => {
        const commands = new Commands();
        const [first, second] = [commands.add(), commands.add()];
        commands.end(first);
        expect(commands.open).toEqual([second]);
    });

    test('a guest that reports the end of a command that never was changes nothing', () => {
        const commands = new Commands();
        const run = commands.add();
        commands.end(run + 7);
        expect(commands.open).toEqual([run]);
    });

    test('are bounded, with a sentence for the person', () => {
        const commands = new Commands();
        for (let i = 0; i < limits.runsPerInstance; i++) commands.add();
        expect(() => commands.add()).toThrow(UserError);
    });

    test('those of an adopted guest are taken over, and new ones get other numbers', () => {
        const commands = new Commands();
        commands.replace([3, 9]);
        expect(commands.open).toEqual([3, 9]);
        expect(commands.add()).toBe(10);
    });

    test('are asked for once', () => {
        const commands = new Commands();
        const run = commands.add();
        expect([commands.ask(), commands.ask()]).toEqual([[run], []]);
        expect(commands.open).toEqual([run]);
    });

    test('one wanted before the agent of an adopted guest is back is kept, under a number that is free', () => {
        const commands = new Commands();
        commands.add();
        commands.replace([1]);
        expect([commands.open, commands.ask()]).toEqual([[1, 2], [2]]);
    });
});
