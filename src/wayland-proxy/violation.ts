/** A breach of the protocol or of the policy by the peer that sent the message: its connection ends. */

/** wl_display.error codes (wayland.xml). */
export const errorCode = { invalidObject: 0, invalidMethod: 1, noMemory: 2, implementation: 3 } as const;

/** `code` is what wl_display.error will carry, on the display as libwayland does it. `why` holds no guest content. */
export class Violation extends Error {
    override name = 'Violation';

    constructor(
        readonly code: number,
        why: string
    ) {
        super(why);
    }
}
