/**
 * The way of an instance's windows on the host: its Wayland proxy and the waypipe that feeds it. The proxy may connect to
 * the compositor only after the extension has acknowledged whose it is.
 */
import type { ProcessIdentity } from './types.js';
import { HelperGroup } from '../vm/helperGroup.js';
import { connectWhenThere, socketAppears } from '../vm/waitForSocket.js';
import { waypipeConfinement } from '../vm/waypipe.js';
import { describeError } from '../shared/errors.js';
import { ProxyLink } from './proxyLink.js';
import { proxyConfinement, writeProxyFiles } from './proxyProcess.js';
import type { RuntimeFolder } from './runtimeFolder.js';
import type { InstancePolicy, InstanceSpec } from './types.js';

export interface DisplayWorld {
    policy: InstancePolicy;
    folder: RuntimeFolder;
    /** dist/wayland-proxy.mjs. */
    proxyScript: string;
    compositorSocket: string;
}

export class Display {
    readonly helpers: HelperGroup;
    /** Resolves with one sentence when any part of it ended by itself. */
    readonly lost: Promise<string>;
    readonly #spec: InstanceSpec;
    readonly #world: DisplayWorld;
    #link: ProxyLink | undefined;
    #lose!: (reason: string) => void;

    constructor(spec: InstanceSpec, world: DisplayWorld) {
        this.#spec = spec;
        this.#world = world;
        this.helpers = new HelperGroup(world.folder);
        this.lost = new Promise(resolve => (this.#lose = resolve));
        this.helpers.on('lost', ({ role }) =>
            this.#lose(`The ${role === 'proxy' ? 'Wayland proxy' : role} process ended unexpectedly.`)
        );
    }

    /** Resolves when guest windows can be shown. Rejects when the extension does not take the registration. */
    async start(): Promise<void> {
        await Promise.all([this.#startWaypipe(), this.#startProxy()]);
    }

    /** Takes over the processes of a former daemon. */
    async adopt(identities: { waypipe: ProcessIdentity; proxy: ProcessIdentity }): Promise<void> {
        this.helpers.adopt('waypipe', identities.waypipe);
        this.helpers.adopt('proxy', identities.proxy);
        const link = await this.#connect();
        // Without an extension the proxy shows nothing new; the daemon registers it when there is one again.
        const { policy } = this.#world;
        await this.#register(identities.proxy).then(
            () => link.admit(),
            (error: unknown) =>
                policy.audit({
                    instance: this.#spec.id,
                    event: 'not-registered',
                    detail: describeError(error),
                })
        );
    }

    shellChanged() {
        this.#link?.shellChanged();
    }

    /** Ends both processes. Resolves when they are gone and the extension was told. */
    async end(reason: Error): Promise<void> {
        await this.helpers.end(reason);
        this.#link?.close();
        this.#world.policy.unregister(this.#spec.id);
    }

    async #startWaypipe() {
        const { waypipe, listenSocket } = this.#world.folder;
        // waypipe tries its display once when it starts.
        await socketAppears(listenSocket, 'the Wayland proxy', this.helpers.signal);
        await this.helpers.launch('waypipe', waypipeConfinement(waypipe, listenSocket));
    }

    async #startProxy() {
        const { folder, proxyScript, compositorSocket } = this.#world;
        await writeProxyFiles(folder, this.#spec);
        const confinement = proxyConfinement(folder, proxyScript, compositorSocket);
        const { identity } = await this.helpers.launch('proxy', confinement);
        const [link] = await Promise.all([this.#connect(), this.#register(identity)]);
        link.admit();
    }

    async #connect() {
        const { folder, policy } = this.#world;
        const socket = await connectWhenThere(folder.controlSocket, 'the Wayland proxy', this.helpers.signal);
        const link = new ProxyLink(socket, this.#spec, policy);
        link.on('closed', why => this.#lose(`The Wayland proxy ${why ?? 'closed its control connection'}.`));
        link.shellChanged();
        return (this.#link = link);
    }

    /** The extension may never answer: then the end of the instance ends the wait. */
    async #register(identity: ProcessIdentity) {
        const { signal } = this.helpers;
        await new Promise<void>((resolve, reject) => {
            signal.throwIfAborted();
            signal.addEventListener('abort', () => reject(signal.reason));
            this.#world.policy.register({ ...identity, spec: this.#spec }).then(resolve, reject);
        });
    }
}
