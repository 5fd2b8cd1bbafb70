/** Every bound on what a guest, a manifest or a bus peer may make us hold, with its reason. Sizes in bytes, times in ms. */
export const limits = {
    /** One line from a guest agent or a proxy: far above any message of the schemas. */
    lineBytes: 64 * 1024,
    /** Lines a peer may send in a second before it is cut off: a running app sends a handful. */
    linesPerSecond: 1000,
    /** A manifest or configuration file. */
    configBytes: 256 * 1024,
    /** A window title, in code points: GNOME ellipsizes long before this. */
    titleLength: 200,
    /** Guest text quoted in a prompt or a log line, in code points. */
    quoteLength: 80,
    /** A guest that has not said `ready` by then is ended: ten times what TCG needs on an idle machine. */
    readyDeadline: 60_000,
    /** What the app, then the guest, then the VMM get to end by themselves. */
    stopDeadline: 5_000,
    /** A shell that reloads its extensions is back within this; then input freezes (DESIGN.md, fail closed). */
    shellGrace: 2_000,
    /** Prompts one instance may have waiting; more are denied unseen. */
    pendingPrompts: 8,
    /** Commands running at once in one guest: one per window that the app keeps in a process of its own. */
    runsPerInstance: 64,
} as const;
