/**
 * Text for a trusted place of the shell: control, formatting and bidirectional characters out, spaces collapsed, cut to
 * a length. Guest text comes in quotation marks besides; nothing else of a guest may reach a prompt.
 */

/** In code points; longer guest text is cut. */
export const quoteLength = 80;

/** `untrustedText` made safe to show and at most `length` code points long. */
export function plain(untrustedText: string, length: number): string {
    // Scripts stack marks without end (“Zalgo”); two on a letter are enough for every written language we know of.
    const clean = untrustedText
        .slice(0, 64 * length)
        .normalize('NFC')
        .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
        .replace(/(\p{M}{2})\p{M}+/gu, '$1')
        .trim();
    const points = [...clean];
    if (points.length <= length) return clean;

    const kept = points.slice(0, length - 1).join('');
    return `${kept.trim()}…`;
}

/** Guest text, quoted, or an empty string when nothing is left to show. */
export function quote(untrustedText: string): string {
    const shown = plain(untrustedText, quoteLength);
    return shown && `“${shown}”`;
}
