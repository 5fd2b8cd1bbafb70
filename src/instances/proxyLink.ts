/** The daemon's end of a proxy's control connection: answers its asks by the policy, passes on what it reports. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { lineLink } from '../shared/lines.js';
import type { LineLink } from '../shared/lines.js';
import { fromProxy } from '../wayland-proxy/control.js';
import type { FromProxy, ToProxy } from '../wayland-proxy/control.js';
import type { InstancePolicy, InstanceSpec } from './types.js';

type Ask = Extract<FromProxy, { type: 'ask' }>;

/** Events: `closed` when the connection is over, with the reason if the proxy broke the protocol. */
export class ProxyLink extends EventEmitter<{ closed: [string | undefined] }> {
    readonly #spec: InstanceSpec;
    readonly #policy: InstancePolicy;
    readonly #link: LineLink<ToProxy>;
    readonly #asks = new Map<number, AbortController>();

    constructor(socket: Socket, spec: InstanceSpec, policy: InstancePolicy) {
        super();
        this.#spec = spec;
        this.#policy = policy;
        this.#link = lineLink(socket, fromProxy, {
            message: message => this.#take(message),
            closed: reason => this.#close(reason),
        });
    }

    /** The extension has acknowledged the registration: the proxy may connect to the compositor. */
    admit() {
        this.#link.send({ type: 'admit' });
    }

    /** Tells the proxy whether the extension is there. */
    shellChanged() {
        const { present, input } = this.#policy.shell;
        this.#link.send({ type: 'shell', present, input });
    }

    close() {
        this.#link.close();
    }

    #take(message: FromProxy) {
        switch (message.type) {
            case 'ask':
                void this.#ask(message);
                break;
            case 'withdraw':
                this.#asks.get(message.ask)?.abort();
                break;
            case 'violation':
                this.#policy.audit({
                    instance: this.#spec.id,
                    event: 'violation',
                    detail: `${message.where}: ${message.why}`,
                });
                break;
            case 'hello':
            case 'first-commit':
            case 'clients':
                break;
        }
    }

    async #ask({ ask, resource, detail }: Ask) {
        const controller = new AbortController();
        this.#asks.set(ask, controller);
        const allow = await this.#policy
            .ask(this.#spec, resource, detail, controller.signal)
            .catch(() => false);
        this.#asks.delete(ask);
        this.#link.send({ type: 'verdict', ask, allow: allow && !controller.signal.aborted });
    }

    #close(reason: string | undefined) {
        for (const controller of this.#asks.values()) controller.abort();
        this.emit('closed', reason);
    }
}
