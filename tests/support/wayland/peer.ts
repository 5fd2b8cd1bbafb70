/** A Wayland guest or compositor that says what the test tells it and reads message by message. */
import { decode, encode, named, type Argument, type Direction, type Received } from './wire.js';
import type { Socket } from './socket.js';

const HEADER = 8;

export class Peer {
    constructor(
        readonly socket: Socket,
        readonly speaks: Direction
    ) {}

    /** Sends `interface.message` of `object`. */
    send(object: number, name: string, args: Argument[] = [], fds: number[] = []) {
        this.socket.sendAll(encode(object, named(this.speaks, name).opcode, args), fds);
    }

    raw(bytes: Uint8Array, fds: number[] = []) {
        this.socket.sendAll(bytes, fds);
    }

    /** The next message; undefined at the end of the connection. */
    next(what = 'a message'): Received | undefined {
        const { socket } = this;
        const size = () => (socket.data.length < HEADER ? Infinity : socket.data.readUInt16LE(6));
        socket.readUntil(() => socket.data.length >= size(), what);
        if (socket.data.length < size()) return undefined;

        const bytes = socket.data.subarray(0, size());
        socket.data = socket.data.subarray(size());
        return { object: bytes.readUInt32LE(0), opcode: bytes.readUInt16LE(4), body: bytes.subarray(HEADER) };
    }

    /** The arguments of the next message, which must be `interface.message` of `object`. */
    expect(object: number, name: string): Argument[] {
        const message = named(this.speaks === 'requests' ? 'events' : 'requests', name);
        const got = this.next(`${name} of ${object}`);
        if (got?.object !== object || got.opcode !== message.opcode) {
            const instead = got ? `opcode ${got.opcode} of ${got.object}` : 'the end of the connection';
            throw new Error(`awaited ${name} of ${object}, got ${instead}`);
        }
        return decode(message, got.body);
    }

    /** The connection ends with nothing more said. */
    expectEnd() {
        const got = this.next('the end of the connection');
        if (got) throw new Error(`awaited the end, got opcode ${got.opcode} of ${got.object}`);
    }

    /** A descriptor that came along; the caller's from here on. */
    takeFd(): number {
        const fd = this.socket.fds.shift();
        if (fd === undefined) throw new Error('no descriptor came');

        return fd;
    }

    close() {
        this.socket.close();
    }
}
