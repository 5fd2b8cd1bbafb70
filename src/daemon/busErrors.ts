/** Names the errors that our methods answer with. A person's sentence goes over the bus; everything else is logged here and only named there. */
import { describeError, UserError } from '../shared/errors.js';
import { BusError } from './bus/exporter.js';

/** The caller named something that does not exist. */
export const notFound = (text: string) => new BusError('org.bulkhead.Error.NotFound', text);

/** The caller's arguments do not fit. */
export const invalidArgs = (text: string) => new BusError('org.bulkhead.Error.InvalidArgs', text);

/** Any other error as a D-Bus error. */
export function toBusError(error: unknown): BusError {
    console.error(error instanceof UserError ? describeError(error) : error);
    if (error instanceof UserError)
        return new BusError('org.bulkhead.Error.Failed', error.message, { cause: error });

    const text = 'Bulkhead made an error of its own: see "journalctl --user -u bulkheadd".';
    return new BusError('org.bulkhead.Error.Internal', text, { cause: error });
}
