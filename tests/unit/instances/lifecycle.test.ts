import { describe, expect, test } from '@jest/globals';
import { born, live } from '../../../src/instances/lifecycle.js';
import type { Life, LifeEvent } from '../../../src/instances/lifecycle.js';

const after = (...events: LifeEvent[]) => events.reduce(live, born);
const lost = (reason: string): LifeEvent => ({ type: 'lost', reason });

describe('the life of an instance', () => {
    test('goes from starting over running and stopping to stopped', () => {
        expect(born.state).toBe('starting');
        expect(after({ type: 'started' }).state).toBe('running');
        expect(after({ type: 'started' }, { type: 'stop' }).state).toBe('stopping');
        expect(after({ type: 'started' }, { type: 'stop' }, { type: 'gone' }).state).toBe('stopped');
    });

    test('is failed, with the reason, only when nothing of it is left', () => {
        expect(after(lost('It broke.'))).toEqual({ state: 'stopping', reason: 'It broke.' });
        expect(after(lost('It broke.'), { type: 'gone' })).toEqual({ state: 'failed', reason: 'It broke.' });
    });

    test('keeps the first reason: the deaths that follow are our own doing', () => {
        expect(after(lost('first'), lost('second')).reason).toBe('first');
    });

    test('a part that ends while the instance is being stopped is no failure', () => {
        expect(after({ type: 'started' }, { type: 'stop' }, lost('late'), { type: 'gone' })).toEqual({
            state: 'stopped',
            reason: '',
        });
    });

    test('a command that a guest starts while it is being stopped does not bring it back', () => {
        expect(after({ type: 'stop' }, { type: 'started' }).state).toBe('stopping');
    });

    test.each(['stopped', 'failed'] as const)('%s is final', state => {
        const life: Life = { state, reason: '' };
        for (const event of [
            { type: 'started' },
            { type: 'stop' },
            lost('x'),
            { type: 'gone' },
        ] as LifeEvent[])
            expect(live(life, event)).toBe(life);
    });
});
