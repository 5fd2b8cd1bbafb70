/** How the builder runs a tool that the host itself may lack: the caller decides where it comes from. */

/**
 * Runs `argv` with `folder` as its writable working directory, and nothing else of the host in reach; paths in
 * `argv` are relative to it. Rejects with what the tool said when it fails.
 */
export type RunTool = (argv: readonly string[], folder: string) => Promise<void>;
