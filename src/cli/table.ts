/** Text columns for people. */

/** Rows under headings, columns padded to their widest cell; control characters shown as `?`. Ends with a newline. */
export function table(headings: readonly string[], rows: readonly (readonly unknown[])[]): string {
    const cells = [headings, ...rows].map(row => row.map(cell => String(cell).replace(/\p{C}/gu, '?')));
    const widths = headings.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)));
    const line = (row: string[]) =>
        row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join('  ')
            .trimEnd();
    return `${cells.map(line).join('\n')}\n`;
}
