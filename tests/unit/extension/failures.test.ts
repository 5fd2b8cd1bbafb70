import { describe, expect, it } from '@jest/globals';
import {
    failureText,
    FailureWatch,
    reasonLength,
    type Failable,
} from '../../../extension/failures/report.js';

const editor = (changes: Partial<Failable> = {}): Failable => ({
    path: '/editor',
    name: 'Text Editor',
    state: 'starting',
    reason: '',
    timing: { requested: 1 },
    ...changes,
});
const failed = (requested = 1) => editor({ state: 'failed', reason: 'No image.', timing: { requested } });

describe('a failed instance', () => {
    it('is news once, however often the list is read', () => {
        const watch = new FailureWatch();
        watch.look([editor()]);
        expect(watch.look([failed()]).failed).toEqual([failed()]);
        expect(watch.look([failed()])).toEqual({ failed: [], startedAgain: [] });
    });

    it('is news also when it failed before its start was seen', () => {
        const watch = new FailureWatch();
        watch.look([]);
        expect(watch.look([failed()]).failed).toHaveLength(1);
    });

    it('is no news when it had failed before we looked first: an unlocked screen does not repeat it', () => {
        expect(new FailureWatch().look([failed()]).failed).toEqual([]);
    });

    it('that is started again is told no more, and is news again when it fails again', () => {
        const watch = new FailureWatch();
        watch.look([]);
        watch.look([failed()]);
        expect(watch.look([editor({ timing: { requested: 2 } })])).toEqual({
            failed: [],
            startedAgain: ['/editor'],
        });
        expect(watch.look([failed(2)]).failed).toHaveLength(1);
    });

    it('that failed again before its start was seen replaces its first failure', () => {
        const watch = new FailureWatch();
        watch.look([]);
        watch.look([failed()]);
        expect(watch.look([failed(2)])).toEqual({ failed: [failed(2)], startedAgain: ['/editor'] });
    });

    it('stays told while the daemon is away', () => {
        const watch = new FailureWatch();
        watch.look([]);
        watch.look([failed()]);
        expect(watch.look([])).toEqual({ failed: [], startedAgain: [] });
        expect(watch.look([failed()]).failed).toEqual([]);
    });
});

describe('the notification of a failure', () => {
    const same = (text: string) => text;

    it('says that the app could not start, and why', () => {
        expect(failureText(failed(), same)).toEqual({
            title: 'Text Editor could not start',
            body: 'No image.',
        });
    });

    it('says that the app ended when it had shown a window', () => {
        const { title } = failureText({ ...failed(), timing: { requested: 1, frame: 2 } }, same);
        expect(title).toBe('Text Editor ended unexpectedly');
    });

    it('keeps a name as it is, and cuts a long reason', () => {
        const text = failureText({ ...failed(), name: '$& %s', reason: `a\n${'b'.repeat(5000)}` }, same);
        expect(text.title).toBe('$& %s could not start');
        expect([...text.body]).toHaveLength(reasonLength);
        expect(text.body.startsWith('a b')).toBe(true);
    });
});
