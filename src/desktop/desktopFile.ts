/** Writes values of a desktop entry as the Desktop Entry Specification 1.5 wants them (freedesktop.org). */

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/** A value of type string or localestring. */
export function stringValue(text: string): string {
    return text.replace(/[\\\n\t\r]/g, char => ESCAPES[char]!).replace(/^ /, '\\s');
}

/** A value of type string list. */
export function listValue(items: readonly string[]): string {
    return items.map(item => `${stringValue(item).replaceAll(';', '\\;')};`).join('');
}

/**
 * The value of Exec for an argument vector. Every argument is quoted; `"`, `` ` ``, `$` and `\` are escaped inside
 * the quotes, `%` is doubled, and then the whole is escaped as a string ("The Exec key").
 */
export function execValue(argv: readonly string[]): string {
    const quoted = argv.map(arg => `"${arg.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`);
    return stringValue(quoted.join(' '));
}

/** A whole entry file, from keys whose values are already escaped. */
export function desktopFile(keys: Record<string, string>): string {
    const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}`);
    return `[Desktop Entry]\n${lines.join('\n')}\n`;
}
