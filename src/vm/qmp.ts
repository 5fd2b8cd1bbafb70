/**
 * QEMU's control socket, as far as we need it: one command at a time, replies in order, events. What comes from it is
 * parsed by a schema, since a guest may have taken QEMU over. Source: docs/interop/qmp-spec.rst of QEMU 10.
 */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { lineLink } from '../shared/lines.js';
import type { LineLink } from '../shared/lines.js';

const fromQemu = z.union([
    z.object({ QMP: z.object({}) }),
    z.object({ error: z.object({ desc: z.string() }), id: z.int() }),
    z.object({ return: z.unknown(), id: z.int() }),
    z.object({ event: z.string(), data: z.unknown().optional() }),
]);
type FromQemu = z.infer<typeof fromQemu>;

const closedMessage = 'QEMU closed its control socket';

interface Pending {
    resolve(value: unknown): void;
    reject(error: Error): void;
}

/** Events: `event` with a QMP event's name and its data, `close` when the connection is over. */
export class Qmp extends EventEmitter<{ event: [string, unknown]; close: [] }> {
    readonly #link: LineLink<object>;
    readonly #pending = new Map<number, Pending>();
    #lastId = 0;
    #closed = false;

    constructor(socket: Socket) {
        super();
        this.#link = lineLink(socket, fromQemu, {
            message: message => this.#take(message),
            closed: () => this.#close(),
        });
    }

    /** Runs a command. Rejects with QEMU's description, or when the connection ends before the answer. */
    execute(command: string, args: object = {}): Promise<unknown> {
        const id = ++this.#lastId;
        if (this.#closed) return Promise.reject(new Error(closedMessage));
        return new Promise((resolve, reject) => {
            this.#pending.set(id, { resolve, reject });
            this.#link.send({ execute: command, arguments: args, id });
        });
    }

    close() {
        this.#link.close();
    }

    #take(message: FromQemu) {
        if ('event' in message) this.emit('event', message.event, message.data);
        else if ('return' in message) this.#answer(message.id)?.resolve(message.return);
        else if ('error' in message) this.#answer(message.id)?.reject(new Error(message.error.desc));
    }

    #answer(id: number) {
        const pending = this.#pending.get(id);
        this.#pending.delete(id);
        return pending;
    }

    #close() {
        this.#closed = true;
        for (const { reject } of this.#pending.values()) reject(new Error(closedMessage));
        this.#pending.clear();
        this.emit('close');
    }
}
