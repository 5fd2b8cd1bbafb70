/** Waiting for a condition that nothing announces: looked at again and again, with a deadline and a message. */
const interval = 40;

/** Resolves with the first truthy value of `check`. Throws, naming `what`, after `deadline` ms. */
export async function until<T>(
    what: string,
    check: () => Promise<T> | T,
    deadline = 30_000
): Promise<NonNullable<T>> {
    const end = Date.now() + deadline;
    for (;;) {
        const value = await check();
        if (value) return value;
        if (Date.now() > end) throw new Error(`waited ${deadline / 1000} s in vain for ${what}`);
        await new Promise(resolve => setTimeout(resolve, interval));
    }
}
