/** The daemon's end of the control socket. */
import { fromProxy, type FromProxy, type ToProxy } from '../../../src/wayland-proxy/control.js';
import { connect } from '../../../src/wayland-proxy/sys.js';
import { Socket } from './socket.js';

export class FakeDaemon {
    readonly #socket: Socket;

    constructor(controlSocket: string) {
        const fd = connect(controlSocket);
        if (fd < 0) throw new Error(`cannot connect to the control socket (errno ${-fd})`);

        this.#socket = new Socket(fd);
    }

    send(message: ToProxy) {
        this.sendLine(JSON.stringify(message));
    }

    sendLine(line: string) {
        this.#socket.sendAll(Buffer.from(`${line}\n`));
    }

    /** The next message; undefined when the proxy has hung up. */
    next(what = 'a control message'): FromProxy | undefined {
        const socket = this.#socket;
        socket.readUntil(() => socket.data.includes(10), what);
        const end = socket.data.indexOf(10);
        if (end < 0) return undefined;

        const line = socket.data.subarray(0, end).toString('utf8');
        socket.data = socket.data.subarray(end + 1);
        return fromProxy.parse(JSON.parse(line));
    }

    /** The next message of this type; others are skipped. */
    expect<T extends FromProxy['type']>(type: T): Extract<FromProxy, { type: T }> {
        for (;;) {
            const message = this.next(type);
            if (!message) throw new Error(`awaited ${type}, got the end of the connection`);
            if (message.type === type) return message as Extract<FromProxy, { type: T }>;
        }
    }

    close() {
        this.#socket.close();
    }
}
