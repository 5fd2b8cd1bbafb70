/** An error whose message is one sentence for a person: what is wrong and what to do. */
export class UserError extends Error {
    override name = 'UserError';
}

/** The message of anything thrown, with its causes, on one line. */
export function describeError(error: unknown): string {
    if (!(error instanceof Error)) return String(error);

    return error.cause === undefined ? error.message : `${error.message}: ${describeError(error.cause)}`;
}
