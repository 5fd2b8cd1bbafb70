/**
 * The vsock stream to the daemon. QuickJS has no sockets, so socat is the stream: a child whose stdin and stdout
 * are ours. When it ends it is started again, sooner after a connection that held than after one that failed.
 */
import * as os from 'os';
import * as std from 'std';
import { LineReader } from './messages.js';

/** VMADDR_CID_HOST and agentPort of src/vm/agentProtocol.ts, which must not be bundled (zod). */
const address = 'VSOCK-CONNECT:2:1024';
const firstDelay = 200;
const longestDelay = 2000;

export interface LinkHandlers {
    /** A new connection is on its way: what is sent now is its first message. */
    connecting(): void;
    line(line: string): void;
}

export class Link {
    readonly #handlers: LinkHandlers;
    #output: std.File | null = null;
    #delay = firstDelay;

    constructor(handlers: LinkHandlers) {
        this.#handlers = handlers;
        // A handler, not SIG_IGN, which the apps would inherit.
        os.signal(os.SIGPIPE, () => undefined);
    }

    /** Sends a line now or, with no connection, never: the next hello tells the daemon where things stand. */
    send(line: string) {
        this.#output?.puts(line);
        this.#output?.flush();
    }

    connect() {
        const [childInput, output] = os.pipe()!;
        const [input, childOutput] = os.pipe()!;
        const pid = os.exec(['/usr/bin/socat', '-', address], {
            block: false,
            stdin: childInput,
            stdout: childOutput,
        });
        os.close(childInput);
        os.close(childOutput);
        this.#output = std.fdopen(output, 'w');

        const reader = new LineReader();
        const buffer = new Uint8Array(4096);
        const since = os.now();
        os.setReadHandler(input, () => {
            const length = os.read(input, buffer.buffer, 0, buffer.length);
            if (length > 0)
                reader.push(buffer.subarray(0, length)).forEach(line => this.#handlers.line(line));
            else this.#lost(pid, input, since);
        });
        this.#handlers.connecting();
    }

    #lost(pid: number, input: number, since: number) {
        os.setReadHandler(input, null);
        os.close(input);
        this.#output?.close();
        this.#output = null;
        // Its output is closed, so it is on its way out: this does not wait for the host.
        os.kill(pid, os.SIGTERM);
        os.waitpid(pid, 0);

        if (os.now() - since > longestDelay) this.#delay = firstDelay;
        os.setTimeout(() => this.connect(), this.#delay);
        this.#delay = Math.min(this.#delay * 2, longestDelay);
    }
}
