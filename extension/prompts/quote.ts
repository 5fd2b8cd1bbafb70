/**
 * Guest text for a trusted dialog: control, formatting and bidirectional characters out, spaces collapsed, cut to a
 * length, in quotation marks. Nothing else of a guest may reach a prompt.
 */

/** In code points; longer text is cut. */
export const quoteLength = 80;

/** `untrustedText` made safe to show, or an empty string when nothing is left to show. */
export function quote(untrustedText: string): string {
    // Scripts stack marks without end (“Zalgo”); two on a letter are enough for every written language we know of.
    const clean = untrustedText
        .slice(0, 64 * quoteLength)
        .normalize('NFC')
        .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
        .replace(/(\p{M}{2})\p{M}+/gu, '$1')
        .trim();
    if (!clean) return '';

    const points = [...clean];
    const shown =
        points.length > quoteLength
            ? `${points
                  .slice(0, quoteLength - 1)
                  .join('')
                  .trim()}…`
            : clean;
    return `“${shown}”`;
}
