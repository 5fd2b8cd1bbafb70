/** A proxy process between a fake compositor, fake guests and a fake daemon, in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { ProxyConfig } from '../../../src/wayland-proxy/control.js';
import { close, connect, listen } from '../../../src/wayland-proxy/sys.js';
import { FakeDaemon } from './daemon.js';
import { Peer } from './peer.js';
import { acceptOne, Socket } from './socket.js';

const START_DEADLINE = 10_000;
/** Every wait has a deadline of its own that names what it awaited; jest's must not come first on a busy machine. */
jest.setTimeout(60_000);
const program = join(import.meta.dirname, '../../../dist/wayland-proxy.mjs');

export class World {
    readonly #opened: { close(): void }[] = [];
    /** What the proxy has written to its log. */
    log = '';

    private constructor(
        readonly folder: string,
        readonly config: ProxyConfig,
        readonly compositorListener: number,
        readonly child: ChildProcess
    ) {}

    /** Starts a proxy and waits until it listens. No daemon is connected yet. */
    static async start(): Promise<World> {
        const folder = await mkdtemp(join(tmpdir(), 'bulkhead-proxy-'));
        const config = {
            instance: 'demo',
            desktopId: 'org.bulkhead.Instance.demo',
            listenSocket: join(folder, 'guest'),
            controlSocket: join(folder, 'control'),
            compositorSocket: join(folder, 'compositor'),
        };
        await writeFile(join(folder, 'config.json'), JSON.stringify(config));
        const listener = listen(config.compositorSocket);
        const child = spawn(process.execPath, [program, join(folder, 'config.json')], {
            stdio: ['ignore', 'ignore', 'pipe'],
            env: { PATH: process.env.PATH },
        });
        const world = new World(folder, config, listener, child);
        await world.#listening();
        return world;
    }

    async #listening() {
        const giveUp = AbortSignal.timeout(START_DEADLINE);
        this.child.stderr!.on('data', (text: Buffer) => (this.log += text.toString()));
        while (!this.log.includes('listening')) await once(this.child.stderr!, 'data', { signal: giveUp });
    }

    /** A daemon that has taken its hello. */
    daemon(): FakeDaemon {
        const daemon = new FakeDaemon(this.config.controlSocket);
        this.#opened.push(daemon);
        daemon.expect('hello');
        return daemon;
    }

    /** A daemon that has admitted the proxy and says that all is well with the shell. */
    admit(): FakeDaemon {
        const daemon = this.daemon();
        daemon.send({ type: 'admit' });
        daemon.send({ type: 'shell', present: true, input: true });
        return daemon;
    }

    /** A guest client, not yet accepted. */
    guest(): Peer {
        const fd = connect(this.config.listenSocket);
        if (fd < 0) throw new Error(`cannot connect as a guest (errno ${-fd})`);

        return this.#keep(new Peer(new Socket(fd), 'requests'));
    }

    /** The proxy's next connection to the compositor. */
    compositor(): Peer {
        return this.#keep(
            new Peer(acceptOne(this.compositorListener, 'the proxy at the compositor'), 'events')
        );
    }

    /** A guest client and its connection to the compositor. */
    pair(): { guest: Peer; compositor: Peer } {
        const guest = this.guest();
        return { guest, compositor: this.compositor() };
    }

    /** How many descriptors the proxy holds. */
    openFds = () => readdirSync(`/proc/${this.child.pid}/fd`).length;

    /** Resident memory of the proxy in KiB. */
    memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))![1]);

    /** Ends everything and removes the folder. */
    async stop() {
        this.#opened.forEach(end => end.close());
        close(this.compositorListener);
        if (this.child.exitCode === null && this.child.signalCode === null) {
            this.child.kill('SIGKILL');
            await once(this.child, 'exit');
        }
        await rm(this.folder, { recursive: true });
    }

    files = () => readdir(this.folder);

    #keep(peer: Peer): Peer {
        this.#opened.push(peer);
        return peer;
    }
}
