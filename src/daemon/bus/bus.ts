/**
 * A connection to the session bus: calls, signals, names and their owners. Every call ends: with a reply, with
 * the bus's own error when the peer is gone, with `timeout`, or when the connection ends.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import {
    DBusError,
    Message,
    type MessageBus,
    NameFlag,
    RequestNameReply,
    sessionBus,
} from '@jellybrick/dbus-next';
import { UserError } from '../../shared/errors.js';
import type { InterfaceDescription } from './interfaceXml.js';

const DRIVER = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
};

/** An error that a peer, or the bus itself, answered a call with. `message` is the peer's text. */
export class CallError extends Error {
    override name = 'CallError';
    constructor(
        readonly errorName: string,
        message: string
    ) {
        super(message);
    }
}

export interface Call {
    destination: string;
    path: string;
    interface: string;
    member: string;
    /** D-Bus signature of `args`. */
    signature?: string;
    args?: unknown[];
    /** In ms. Without it, waits as long as peer and bus live. */
    timeout?: number;
}

export type MemberCall = Omit<Call, 'interface' | 'signature'>;

/** What a signal handler gets. `sender` is the unique name. */
export interface Signal {
    sender: string;
    path: string;
    args: unknown[];
}

export class Bus {
    readonly #inner: MessageBus;
    readonly #stream: Socket;
    readonly #closed: Promise<never>;

    private constructor(inner: MessageBus, stream: Socket) {
        this.#inner = inner;
        this.#stream = stream;
        this.#closed = new Promise((_, reject) => {
            stream.once('close', () => reject(new UserError('The connection to the session bus ended.')));
        });
        this.#closed.catch(() => undefined);
        inner.on('error' as 'connect', () => undefined);
    }

    /** Connects to DBUS_SESSION_BUS_ADDRESS, or to $XDG_RUNTIME_DIR/bus. Throws UserError when there is none. */
    static async connect(address?: string): Promise<Bus> {
        const inner = sessionBus(address ? { busAddress: address } : {});
        try {
            await once(inner, 'connect', { signal: AbortSignal.timeout(10_000) });
        } catch (cause) {
            throw new UserError('There is no session bus: run this inside a desktop session.', { cause });
        }

        return new Bus(inner, (inner as unknown as { _connection: { stream: Socket } })._connection.stream);
    }

    /** The library's own connection, for the exporter. */
    get inner() {
        return this.#inner;
    }

    /** Sends a reply or a signal. Nothing happens when the connection has ended: nobody is there to hear it. */
    send(message: Message) {
        if (this.#stream.writable) this.#inner.send(message);
    }

    /** Rejects when the connection has ended; never resolves. */
    get closed() {
        return this.#closed;
    }

    /** Calls a method and returns the reply's arguments. Throws CallError. */
    async call({ signature = '', args = [], timeout, ...to }: Call): Promise<unknown[]> {
        const reply = this.#inner.call(new Message({ ...to, signature, body: args }));
        reply.catch(() => undefined);
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>((_, reject) => {
            if (timeout === undefined) return;
            const text = `${to.destination} did not answer ${to.member} within ${timeout} ms`;
            timer = setTimeout(
                () => reject(new CallError('org.freedesktop.DBus.Error.Timeout', text)),
                timeout
            );
        });
        try {
            return (await Promise.race([reply, this.#closed, late]))?.body ?? [];
        } catch (error) {
            if (error instanceof DBusError) throw new CallError(error.type, error.text);
            throw error;
        } finally {
            clearTimeout(timer);
        }
    }

    /** Calls a member of a described interface: the signature is the description's. */
    callMember(description: InterfaceDescription, { member, ...call }: MemberCall): Promise<unknown[]> {
        const method = description.methods.get(member);
        if (!method) throw new Error(`${description.name} has no method ${member}`);
        return this.call({ ...call, interface: description.name, member, signature: method.in });
    }

    /** Takes a well-known name. False when somebody else has it; they keep it. */
    async ownName(name: string): Promise<boolean> {
        return (
            (await this.#inner.requestName(name, NameFlag.DO_NOT_QUEUE)) === RequestNameReply.PRIMARY_OWNER
        );
    }

    /** Calls `handler` for each signal `member` of `iface` that reaches us. The handler judges the sender. */
    async onSignal(iface: string, member: string, handler: (signal: Signal) => void) {
        const rule = `type='signal',interface='${iface}',member='${member}'`;
        this.#inner.on('message', message => {
            if (message.interface !== iface || message.member !== member || message.destination) return;
            handler({ sender: message.sender ?? '', path: message.path ?? '', args: message.body });
        });
        await this.call({ ...DRIVER, member: 'AddMatch', signature: 's', args: [rule] });
    }

    /** Calls `handler` with the unique name of the owner of `name` now (undefined: none) and at each change. */
    async watchName(name: string, handler: (owner: string | undefined) => void) {
        let known = false;
        await this.onSignal('org.freedesktop.DBus', 'NameOwnerChanged', ({ sender, args }) => {
            if (sender !== DRIVER.destination || args[0] !== name) return;
            known = true;
            handler(args[2] ? String(args[2]) : undefined);
        });
        const owner = await this.nameOwner(name);
        if (!known) handler(owner);
    }

    async nameOwner(name: string): Promise<string | undefined> {
        try {
            const [owner] = await this.call({
                ...DRIVER,
                member: 'GetNameOwner',
                signature: 's',
                args: [name],
            });
            return String(owner);
        } catch (error) {
            if (error instanceof CallError && error.errorName.endsWith('.NameHasNoOwner')) return undefined;
            throw error;
        }
    }

    close() {
        this.#inner.disconnect();
    }
}
