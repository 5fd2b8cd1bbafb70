/**
 * The proxy of one instance: accepts guest clients once the daemon has admitted it, gives each its own connection to the compositor, and holds
 * what they share: the daemon's word on the shell, open questions. Without a daemon nothing new maps.
 */
import { randomBytes } from 'node:crypto';
import { Asks } from './asks.js';
import { Connection } from './connection.js';
import type { ProxyConfig, ToProxy } from './control.js';
import { ControlServer } from './controlServer.js';
import { ownTypePrefix } from './handlers/clipboard.js';
import { proxyLimits } from './limits.js';
import { log } from './log.js';
import { Loop, type Watch } from './loop.js';
import { Reports } from './reports.js';
import type { ProxyServices } from './services.js';
import { epoll } from './poller.js';
import { accept, close, connect, errno } from './sys.js';

export class Proxy implements ProxyServices {
    readonly loop = new Loop();
    readonly ownType = ownTypePrefix + randomBytes(16).toString('hex');
    readonly desktopId: string;
    readonly reports: Reports;
    readonly asks: Asks;
    readonly #control: ControlServer;
    readonly #connections = new Set<Connection>();
    readonly #listenWatch: Watch;
    #admitted = false;
    /** Said by the daemon that is connected now. */
    #shellPresent = false;
    #shellInput = false;
    #shown = false;
    #compositorGone = false;

    /** `guests` and `control` are listening sockets. */
    constructor(
        readonly config: ProxyConfig,
        readonly guests: number,
        control: number
    ) {
        this.desktopId = config.desktopId;
        this.#listenWatch = this.loop.watch(guests, () => this.#accept());
        this.#control = new ControlServer(this.loop, control, {
            connected: () => this.#daemonConnected(),
            message: message => this.#obey(message),
            disconnected: () => this.#daemonGone(),
        });
        this.reports = new Reports(this.loop, message => this.#control.send(message));
        this.asks = new Asks(this.reports, message => this.#control.send(message));
    }

    /** Runs until the compositor is gone for good. */
    run() {
        this.loop.run();
    }

    get mayMap() {
        return this.#shellPresent;
    }

    get mayInput() {
        return this.#shellInput;
    }

    mapped() {
        if (this.#shown) return;

        this.#shown = true;
        this.reports.state({ type: 'first-commit' });
    }

    violated(where: string, why: string, byGuest: boolean) {
        const told = byGuest && this.reports.event({ type: 'violation', where, why });
        if (told || !byGuest) log(`connection ended at ${where}: ${why}`);
    }

    connectionClosed(connection: Connection, byCompositor: boolean) {
        this.#connections.delete(connection);
        this.#countClients();
        if (byCompositor && this.#connections.size === 0) this.#probeCompositor();
        this.#updateListener();
    }

    #daemonConnected() {
        this.#control.send({ type: 'hello', admitted: this.#admitted, clients: this.#connections.size });
        this.reports.flush();
    }

    /** What was on screen stays; nothing new comes before a daemon has said that the shell is there. */
    #daemonGone() {
        this.#shellPresent = false;
        this.asks.denyAll();
    }

    #obey(message: ToProxy) {
        if (message.type === 'admit') {
            this.#admitted = true;
            this.#updateListener();
        } else if (message.type === 'shell') {
            this.#shellPresent = message.present;
            this.#shellInput = message.input;
            if (this.mayMap) for (const connection of [...this.#connections]) connection.resume();
        } else {
            this.asks.settle(message.ask, message.allow);
        }
    }

    /** Before admission and at the limit, guests wait in the listener's queue. */
    #updateListener() {
        const open = this.#admitted && this.#connections.size < proxyLimits.connections;
        this.#listenWatch.set(open ? epoll.in : 0);
    }

    /** The compositor is connected first: a guest that cannot be served yet stays in the queue. */
    #accept() {
        const compositor = connect(this.config.compositorSocket);
        if (compositor < 0) return this.#compositorRefused(compositor);

        const guest = accept(this.guests);
        if (guest < 0) {
            close(compositor);
            if (guest === -errno.EMFILE || guest === -errno.ENFILE) this.#pauseAccept();
            return;
        }
        this.#connections.add(new Connection(this, guest, compositor));
        this.#countClients();
        this.#updateListener();
    }

    #compositorRefused(result: number) {
        if (this.#connections.size === 0 && isGone(result)) this.#end();
        else this.#pauseAccept();
    }

    #pauseAccept() {
        this.#listenWatch.set(0);
        this.loop.after(proxyLimits.acceptPause, () => this.#updateListener());
    }

    #probeCompositor() {
        const probe = connect(this.config.compositorSocket);
        if (probe >= 0) close(probe);
        else if (isGone(probe)) this.#end();
    }

    #end() {
        if (this.#compositorGone) return;

        this.#compositorGone = true;
        log('the compositor is gone');
        this.loop.stop();
    }

    #countClients() {
        this.reports.state({ type: 'clients', count: this.#connections.size });
    }
}

const isGone = (result: number) => result === -errno.ECONNREFUSED || result === -errno.ENOENT;
