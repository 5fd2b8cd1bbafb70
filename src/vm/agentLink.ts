/**
 * Where the guest's agent connects: one connection at a time, every line parsed by the protocol's schema. The agent may
 * lose the connection and come back; what is sent meanwhile waits for its next hello.
 */
import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { lineLink } from '../shared/lines.js';
import type { LineLink } from '../shared/lines.js';
import { fromAgent } from './agentProtocol.js';
import type { FromAgent, ToAgent } from './agentProtocol.js';

/** Events: `message` for each valid message; `breach` when the guest broke the protocol, with what it did. */
export class AgentLink extends EventEmitter<{ message: [FromAgent]; breach: [string] }> {
    readonly #server = createServer(socket => this.#accept(socket));
    readonly #waiting: ToAgent[] = [];
    #link: LineLink<ToAgent> | undefined;
    #greeted = false;
    #closed = false;

    /** Whether the agent is there and has said hello. */
    get greeted(): boolean {
        return this.#greeted;
    }

    /** Listens at `path`; the socket of a former daemon there is replaced. Rejects when the link was closed. */
    async listen(path: string) {
        await rm(path, { force: true });
        if (this.#closed) throw new Error('the machine is being ended');
        this.#server.listen(path);
        await once(this.#server, 'listening');
    }

    /** Sends now, or after the agent's next hello. */
    send(message: ToAgent) {
        if (this.#greeted) this.#link?.send(message);
        else this.#waiting.push(message);
    }

    close() {
        this.#closed = true;
        this.#server.close();
        this.#link?.close();
    }

    #accept(socket: Socket) {
        // Any program in the guest can connect to the port: the first one stays.
        if (this.#link) return socket.destroy();

        this.#link = lineLink(socket, fromAgent, {
            message: message => this.#take(message),
            closed: reason => {
                this.#link = undefined;
                this.#greeted = false;
                if (reason !== undefined) this.emit('breach', reason);
            },
        });
    }

    #take(message: FromAgent) {
        if (message.type === 'hello' && !this.#greeted) {
            this.#greeted = true;
            this.#link?.send({ type: 'clock', epochMs: Date.now() });
            for (const waiting of this.#waiting.splice(0)) this.#link?.send(waiting);
        }
        if (this.#greeted) this.emit('message', message);
    }
}
