import { describe, expect, test } from '@jest/globals';
import { desktopFile, execValue, listValue, stringValue } from '../../../src/desktop/desktopFile.js';

describe('values of a desktop entry', () => {
    test('a value cannot start a new key', () => {
        expect(stringValue('App\nExec=evil\r\t\\')).toBe('App\\nExec=evil\\r\\t\\\\');
        expect(desktopFile({ Name: stringValue('a\nExec=evil') }).split('\n')).toHaveLength(3);
    });

    test('a leading space survives', () => expect(stringValue(' a b')).toBe('\\sa b'));

    test('a list item cannot end the item before it', () => expect(listValue(['a;b', 'c'])).toBe('a\\;b;c;'));

    test('Exec keeps every argument whole, whatever it holds', () => {
        expect(execValue(['/a b/c', '100%', '$(x)`y`"z"'])).toBe(
            '"/a b/c" "100%%" "\\\\$(x)\\\\`y\\\\`\\\\"z\\\\""'
        );
        // A backslash is escaped twice: inside the quotes, and as part of a string value.
        expect(execValue(['\\'])).toBe('"\\\\\\\\"');
    });
});
