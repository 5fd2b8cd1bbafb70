/** Values of a{sv}: the library's Variant, made and opened. */
import { Variant } from '@jellybrick/dbus-next';

export { Variant };

/** Each string as a variant of type s. */
export function stringVariants(record: Record<string, string>): Record<string, Variant> {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, new Variant('s', value)]));
}

/** An a{sv} as plain values. What it holds is still unchecked. */
export function openVariants(record: unknown): Record<string, unknown> {
    const entries = Object.entries(record as Record<string, Variant>);
    return Object.fromEntries(entries.map(([key, variant]) => [key, variant.value]));
}
