/**
 * What the daemon and a proxy say to each other, in newline-delimited JSON over the proxy's control socket
 * (the proxy listens, so that a new daemon finds a running proxy again).
 *
 * The proxy connects to the compositor only after `admit`. While no daemon is connected, or after
 * `shell {present: false}`, no new toplevel or popup maps; `input: false` also withholds input from those shown.
 * An ask without a verdict, and every ask while no daemon is connected, counts as denied.
 */
import { z } from 'zod';

/** The permissions a proxy can ask for. */
export const proxyResource = z.enum(['clipboard-read', 'fullscreen']);
export type ProxyResource = z.infer<typeof proxyResource>;

/** Daemon → proxy. */
export const toProxy = z.discriminatedUnion('type', [
    /** The extension has the registration: the compositor may be connected to from now on. */
    z.strictObject({ type: z.literal('admit') }),
    /** Whether the extension is there to mark windows, and whether input may reach the guest. */
    z.strictObject({ type: z.literal('shell'), present: z.boolean(), input: z.boolean() }),
    z.strictObject({ type: z.literal('verdict'), ask: z.int().nonnegative(), allow: z.boolean() }),
]);
export type ToProxy = z.infer<typeof toProxy>;

/** Proxy → daemon. Strings here are already cleaned and cut by the proxy. */
export const fromProxy = z.discriminatedUnion('type', [
    /** First message on a control connection. `clients` is the number of guest connections open. */
    z.strictObject({ type: z.literal('hello'), admitted: z.boolean(), clients: z.int().nonnegative() }),
    z.strictObject({
        type: z.literal('ask'),
        ask: z.int().nonnegative(),
        resource: proxyResource,
        /** For clipboard-read: the MIME type wanted. For fullscreen: empty. */
        detail: z.string().max(200),
    }),
    /** The asker went away: the question is denied and its prompt closed. */
    z.strictObject({ type: z.literal('withdraw'), ask: z.int().nonnegative() }),
    /** The first buffer of a toplevel of this connection was committed. Sent once in a proxy's life. */
    z.strictObject({ type: z.literal('first-commit') }),
    z.strictObject({ type: z.literal('clients'), count: z.int().nonnegative() }),
    /** A guest broke the protocol or the policy and its connection was ended. For the audit log: metadata only. */
    z.strictObject({ type: z.literal('violation'), where: z.string().max(100), why: z.string().max(200) }),
]);
export type FromProxy = z.infer<typeof fromProxy>;

/** The proxy's configuration: a JSON file named on its command line. Paths are as the proxy sees them. */
export const proxyConfig = z.strictObject({
    instance: z.string(),
    /** Every app_id of the guest becomes this. */
    desktopId: z.string(),
    /** Where the guest's forwarder connects. */
    listenSocket: z.string(),
    controlSocket: z.string(),
    compositorSocket: z.string(),
});
export type ProxyConfig = z.infer<typeof proxyConfig>;
