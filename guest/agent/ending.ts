/** How a command ended: as in FromAgent's `exited`. */
export type Ending = { status: number } | { signal: number };

/** Takes a wait status apart (wait(2): the low seven bits are the signal, the next byte the exit status). */
export const endingOf = (status: number): Ending =>
    (status & 0x7f) === 0 ? { status: (status >> 8) & 0xff } : { signal: status & 0x7f };
