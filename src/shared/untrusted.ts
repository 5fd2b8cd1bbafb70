/**
 * Values that a guest made. They carry the brand until one parser has checked them against limits.ts;
 * names that hold one start with `untrusted`. Nothing but a parser takes the brand off.
 */
declare const brand: unique symbol;

/** A value from a guest, or derived from one, that nobody has checked yet. */
export type Untrusted<T> = { readonly [brand]: T };

/** Marks a value as coming from a guest. */
export const untrusted = <T>(value: T) => value as unknown as Untrusted<T>;

/** Takes the brand off. For parsers only: what comes out is still unchecked. */
export const inspect = <T>(value: Untrusted<T>) => value as unknown as T;
