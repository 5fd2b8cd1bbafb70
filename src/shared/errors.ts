/** An error whose message is one sentence for a person: what is wrong and what to do. */
export class UserError extends Error {
    override name = 'UserError';
}

/** The message of anything thrown, with its causes, on one line. */
export function describeError(error: unknown): string {
    if (!(error instanceof Error)) return String(error);

    return error.cause === undefined ? error.message : `${error.message}: ${describeError(error.cause)}`;
}

/** What a person is told of anything thrown, on one line: a UserError's own sentence, which needs no causes. */
export const sentenceOf = (error: unknown) =>
    error instanceof UserError ? error.message : describeError(error);
