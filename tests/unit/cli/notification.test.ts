import { expect, test } from '@jest/globals';
import { failureNotification } from '../../../src/cli/notification.js';

test('a sentence with markup in it is shown as text', () => {
    const { args, signature } = failureNotification('<b>', '<a href="x">&</a>');
    expect(signature).toBe('susssasa{sv}i');
    expect(args!.slice(3, 5)).toEqual(['Could not start <b>', '&lt;a href="x"&gt;&amp;&lt;/a&gt;']);
});
