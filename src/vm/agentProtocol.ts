/**
 * What the daemon and the guest agent say to each other, in newline-delimited JSON over vsock port 1024.
 * The agent is untrusted: the daemon parses its lines with `fromAgent` and ends the connection at the first breach.
 * The guest connects; after a lost connection it connects again and says hello again, its apps running on.
 */
import { z } from 'zod';

/** vsock port, on the host (CID 2), that the agent connects to. */
export const agentPort = 1024;
/** vsock port, on the host, that the guest's waypipe connects to. */
export const waypipePort = 5000;

const run = z.int().nonnegative().max(0xffff_ffff);
/** ms since the guest kernel's start. */
const uptime = z.number().nonnegative().max(1e12);

/** Daemon → agent. */
export const toAgent = z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('clock'), epochMs: z.number() }),
    z.strictObject({
        type: z.literal('start'),
        run,
        argv: z.array(z.string()).min(1),
        env: z.record(z.string(), z.string()),
    }),
    /** End all commands (SIGTERM, after graceMs SIGKILL), then power the guest off. */
    z.strictObject({ type: z.literal('stop'), graceMs: z.int().nonnegative() }),
]);
export type ToAgent = z.infer<typeof toAgent>;

/** Agent → daemon. */
export const fromAgent = z.discriminatedUnion('type', [
    /** First message of a connection. `runs`: the commands still running from an earlier connection. */
    z.strictObject({ type: z.literal('hello'), protocol: z.literal(1), uptime, runs: z.array(run).max(64) }),
    /** The session is up: commands can be started. */
    z.strictObject({ type: z.literal('ready'), uptime }),
    z.strictObject({ type: z.literal('started'), run }),
    /** A command ended: with an exit status, or by a signal, or it could not be started (status 127). */
    z.strictObject({
        type: z.literal('exited'),
        run,
        status: z.int().min(0).max(255).optional(),
        signal: z.int().min(1).max(64).optional(),
    }),
    z.strictObject({ type: z.literal('stopping') }),
]);
export type FromAgent = z.infer<typeof fromAgent>;
