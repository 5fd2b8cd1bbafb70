/** What a connection and its handlers may use of the proxy: the interface between one guest client and the whole process. */
import type { Connection } from './connection.js';
import type { Asks } from './asks.js';
import type { Loop } from './loop.js';

export interface ProxyServices {
    readonly loop: Loop;
    readonly asks: Asks;
    /** Every app_id becomes this. */
    readonly desktopId: string;
    /** A MIME type that this process alone knows: it tells offers of its own guest from all others. */
    readonly ownType: string;
    /** Whether a new window may map now. If not, the commit is parked and `Connection.resume` called later. */
    readonly mayMap: boolean;
    /** Whether input may reach the guest now. */
    readonly mayInput: boolean;
    /** A toplevel has got its first buffer. */
    mapped(): void;
    violated(where: string, why: string, byGuest: boolean): void;
    connectionClosed(connection: Connection, byCompositor: boolean): void;
}
