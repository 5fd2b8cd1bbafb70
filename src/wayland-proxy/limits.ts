/** Every bound the proxy keeps on what a guest can make it hold, with its reason. Sizes in bytes, times in ms. */
import { limits as shared } from '../shared/limits.js';

export const proxyLimits = {
    /** One read. A message's size field has 16 bits, so any whole message fits. */
    inBytes: 64 * 1024,
    /** One whole message, its growth by rewriting, and `reserve`. */
    outBytes: 96 * 1024,
    /** Kept free for what the proxy itself says: verdicts' requests, wl_display.error. */
    reserve: 8 * 1024,
    /** What rewriting may add to one message: a title of titleLength code points, an app_id, an offer's types. */
    growth: 16 * 1024,
    /** libwayland's MAX_FDS_OUT: more in one sendmsg are lost at the receiver. */
    fdsPerMessage: 28,
    /** Descriptors that arrived ahead of their message. libwayland allows 1024; real clients stay under 28. */
    fdsQueued: 64,
    /** Object ids of one connection. The largest seen (a GTK 4 text editor) used about 300. */
    clientObjects: 8192,
    /** Server-made objects (clipboard offers) of one connection: one is made per copy on the desktop while focused. */
    serverObjects: 1024,
    /** Globals of one compositor: Mutter has about 50, outputs come and go under new numbers. */
    globals: 4096,
    /** Guest connections: one per program of the app, and each costs 300 KiB of buffers when busy. */
    connections: 64,
    /** Types of one clipboard offer, encoded: office suites offer about 40 of 30 bytes. Must fit `growth`. */
    offerBytes: 12 * 1024,
    /** A MIME type (RFC 6838 allows 127 + 1 + 127). Longer ones are not offered. */
    typeLength: 255,
    /** Asks that one connection may have open; the shell queues prompts of all instances. */
    pendingAsks: 4,
    /** Paste descriptors of one connection that wait for a verdict: GTK asks for at most a few types of one offer. */
    heldReceives: 16,
    /** Buttons, keys and touch points held down at once per device. */
    pressed: 64,
    /** Width and height of a window in surface units: twice an 8K screen. */
    windowSize: 16384,
    /** Reads of one socket before the others get their turn. */
    readsPerTurn: 4,
    /** What a dying connection gets to take its last words. */
    lingerTime: 1000,
    /** Pause after the descriptor table is full or the compositor's backlog is, so that accept does not spin. */
    acceptPause: 100,
    /** Control messages a second that a guest can cause; the daemon cuts a link off at shared.linesPerSecond. */
    reportsPerSecond: 20,
    /** Unsent bytes to a daemon that does not read; then it is disconnected. */
    controlBytes: 256 * 1024,
    titleLength: shared.titleLength,
    quoteLength: shared.quoteLength,
    lineBytes: shared.lineBytes,
} as const;
