/** Guest text made fit to be shown by the shell: no control, bidi, zero-width or other invisible characters, and not long. */
import { inspect, type Untrusted } from '../shared/untrusted.js';
import { proxyLimits } from './limits.js';

/**
 * Cc, Cf (bidi, zero width, soft hyphen, tags), surrogates, private use, unassigned, line and paragraph separators, and the
 * letters and marks that are drawn as nothing (Unicode's Default_Ignorable_Code_Point), but not the variation selectors emoji need.
 */
const invisible = /(?![\uFE0E\uFE0F])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The text normalised (NFC), without invisible characters, white space made plain, at most `length` code points. */
export function cleanText(
    untrustedText: Untrusted<string>,
    length: number = proxyLimits.titleLength
): string {
    const plain = inspect(untrustedText)
        .replace(/[\t-\r\u2028\u2029]/gu, ' ')
        .replace(invisible, '');
    const visible = plain.replace(/\s/gu, ' ').normalize('NFC');
    return visible.length <= length ? visible : [...visible].slice(0, length).join('');
}
