/**
 * One direction of a connection: reads messages, checks each against its object and signature, asks the policy, and
 * forwards what passes. Nothing is read while something waits to be sent, so a direction holds two arenas and no more.
 */
import type { Connection } from './connection.js';
import { Decoder } from './decoder.js';
import { InStream } from './inStream.js';
import type { Objects, WaylandObject } from './objects.js';
import { OutStream } from './outStream.js';
import type { Message } from './protocol.js';
import { errorCode, Violation } from './violation.js';

const HEADER_BYTES = 8;

/** Stands for a message whose header is not even understood. */
const unknown: Message = {
    name: 'unknown',
    opcode: 0,
    since: 1,
    destructor: false,
    kinds: new Uint8Array(0),
    nullable: new Uint8Array(0),
    types: [],
    fds: 0,
    handler: undefined,
};

/** What becomes of a message: `handled` means that the handler has taken care of it and of its descriptors. */
export type Action = 'forward' | 'discard' | 'handled' | 'park';

/** Decides on one message, which stands decoded in `half`. May throw a Violation. */
export type Handler = (half: Half) => Action;

/** Why no further message was taken. */
export type Stop = 'needs data' | 'needs room' | 'parked';

export class Half {
    readonly in = new InStream();
    readonly out = new OutStream();
    readonly args: Decoder;
    /** The message being handled, its sender, and the object it makes. */
    sender: WaylandObject;
    message = unknown;
    created: WaylandObject | undefined;
    parked = false;
    #size = 0;

    constructor(
        readonly connection: Connection,
        readonly objects: Objects,
        readonly fromGuest: boolean
    ) {
        this.args = new Decoder(objects, fromGuest);
        this.sender = objects.display;
    }

    /** Takes whole messages while there is room for them. */
    process(): Stop {
        const { in: input, out } = this;
        this.parked = false;
        for (;;) {
            this.sender = this.objects.display;
            this.message = unknown;
            const available = input.end - input.start;
            if (available < HEADER_BYTES) return 'needs data';

            const word = input.words[(input.start >> 2) + 1]!;
            const size = word >>> 16;
            if (size < HEADER_BYTES || (size & 3) !== 0)
                throw new Violation(errorCode.invalidMethod, 'message has an impossible size');
            if (size > available) return 'needs data';
            if (!out.hasRoom(size)) return 'needs room';

            this.#size = size;
            if (!this.#take(input.words[input.start >> 2]!, word & 0xffff)) {
                this.parked = true;
                return 'parked';
            }
            input.start += size;
        }
    }

    /** Forwards the message being handled now, so that something else can follow it. The handler returns `handled`. */
    forward() {
        const { in: input, out } = this;
        out.copy(input.bytes, input.words, input.start, this.#size);
        for (let i = 0; i < this.message.fds; i++) out.pushFd(input.fds.take());
    }

    close() {
        this.in.close();
        this.out.close();
    }

    /** Returns false when the message has to wait. */
    #take(id: number, opcode: number): boolean {
        const sender = this.objects.get(id);
        if (!sender || (sender.dead && this.fromGuest))
            throw new Violation(errorCode.invalidObject, 'there is no such object');

        this.sender = sender;
        const message = (this.fromGuest ? sender.type.requests : sender.type.events)[opcode];
        if (!message) throw new Violation(errorCode.invalidMethod, 'there is no such message');

        this.message = message;
        if (message.since > sender.version)
            throw new Violation(errorCode.invalidMethod, 'message is newer than the object');

        const { in: input, args } = this;
        args.decode(input.words, input.bytes, input.start, this.#size, message);
        if (message.fds > input.fds.length)
            throw new Violation(errorCode.invalidMethod, 'a descriptor is missing');

        const type = args.newIdArgument >= 0 ? message.types[args.newIdArgument] : undefined;
        this.created = type && this.objects.add(args.uint(args.newIdArgument), type, sender.version);
        const action = message.handler ? message.handler(this) : 'forward';
        if (action === 'park') return false;
        if (action === 'forward') this.forward();
        else if (action === 'discard') input.fds.closeFirst(message.fds);
        if (message.destructor) sender.dead = true;
        return true;
    }
}
