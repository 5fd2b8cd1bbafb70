import { fstatSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { epoll } from '../../src/wayland-proxy/poller.js';
import { close } from '../../src/wayland-proxy/sys.js';
import { barrier, bindGlobals, id, tell, type Pair } from '../support/wayland/client.js';
import type { FakeDaemon } from '../support/wayland/daemon.js';
import { waitFor, type Socket } from '../support/wayland/socket.js';
import { encode, named } from '../support/wayland/wire.js';
import { World } from '../support/wayland/world.js';

const MESSAGES = 3000;
/** How many bytes a descriptor may be ahead of its message: a few dozen descriptors at most. */
const MAX_LEAD = 4000;
const SEEDS = [1, 2, 3];

let world: World;
let daemon: FakeDaemon;

beforeEach(async () => {
    world = await World.start();
    daemon = world.admit();
});
afterEach(() => world.stop());

/** A small deterministic generator (mulberry32): returns an integer below `limit`. */
function generator(seed: number) {
    let state = seed;
    return (limit: number) => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) % limit;
    };
}

/** A descriptor that says which one it is: a deleted file of that size. */
function numberedFd(number: number): number {
    const path = join(world.folder, 'fd');
    const fd = openSync(path, 'w+');
    rmSync(path);
    ftruncateSync(fd, number);
    return fd;
}

interface Traffic {
    bytes: Buffer;
    /** Start of each message that carries a descriptor. */
    fdAt: number[];
}

function traffic(random: (limit: number) => number, make: (i: number) => [Buffer, boolean]): Traffic {
    const parts: Buffer[] = [];
    const fdAt: number[] = [];
    let length = 0;
    for (let i = 0; i < MESSAGES; i++) {
        const [bytes, carriesFd] = make(random(100) < 20 ? -1 - i : i);
        if (carriesFd) fdAt.push(length);
        parts.push(bytes);
        length += bytes.length;
    }
    return { bytes: Buffer.concat(parts), fdAt };
}

/** Sends traffic in chunks cut anywhere, each descriptor with or ahead of the first byte of its message. */
class Sender {
    at = 0;
    #nextFd = 0;

    constructor(
        readonly socket: Socket,
        readonly traffic: Traffic,
        readonly random: (limit: number) => number
    ) {}

    get done() {
        return this.at === this.traffic.bytes.length;
    }

    step() {
        if (this.done) return;

        const { bytes, fdAt } = this.traffic;
        let end = Math.min(bytes.length, this.at + 1 + this.random(this.random(4) === 0 ? 60_000 : 400));
        const ahead = end + this.random(MAX_LEAD);
        let last = this.#nextFd;
        while (last < fdAt.length && fdAt[last]! < ahead && last - this.#nextFd < 28) last++;
        // No byte of a message goes before its descriptor.
        if (last < fdAt.length) end = Math.min(end, Math.max(this.at + 1, fdAt[last]!));
        const fds = Array.from({ length: last - this.#nextFd }, (_, i) => numberedFd(this.#nextFd + i + 1));
        const sent = this.socket.sendSome(bytes.subarray(this.at, end), fds);
        fds.forEach(close);
        if (sent > 0) this.#nextFd = last;
        this.at += sent;
    }
}

/** Takes what comes, now and then; checks bytes, order and that no descriptor is late. */
class Receiver {
    #at = 0;
    #fds = 0;

    constructor(
        readonly socket: Socket,
        readonly traffic: Traffic
    ) {}

    get done() {
        return this.#at === this.traffic.bytes.length;
    }

    step(limit: number) {
        const {
            socket,
            traffic: { bytes, fdAt },
        } = this;
        while (!this.done && socket.readSome(limit)) {
            if (!socket.data.equals(bytes.subarray(this.#at, this.#at + socket.data.length)))
                throw new Error(`bytes differ after ${this.#at}`);

            this.#at += socket.data.length;
            socket.data = Buffer.alloc(0);
            for (const fd of socket.fds.splice(0)) {
                expect(fstatSync(fd).size).toBe(++this.#fds);
                close(fd);
            }
            const due = fdAt.filter(start => start + 8 <= this.#at).length;
            expect(this.#fds).toBeGreaterThanOrEqual(due);
            if (socket.ended) throw new Error(`ended after ${this.#at} bytes`);
        }
    }
}

function stress(pair: Pair, seed: number) {
    const random = generator(seed);
    let nextId: number = id.free;
    const requests = traffic(random, i => {
        if (i < 0)
            return [encode(id.shm, named('requests', 'wl_shm.create_pool').opcode, [nextId++, 4096]), true];

        const type = 'x'.repeat(random(random(20) === 0 ? 65_000 : 60));
        return [encode(0xff000000, named('requests', 'wl_data_offer.accept').opcode, [i, type]), false];
    });
    const events = traffic(random, i => {
        if (i < 0)
            return [encode(id.keyboard, named('events', 'wl_keyboard.keymap').opcode, [1, 4096]), true];

        const keys = new Uint8Array(4 * random(random(20) === 0 ? 16_000 : 10));
        return [encode(id.keyboard, named('events', 'wl_keyboard.enter').opcode, [i, 0, keys]), false];
    });
    return { random, requests, events };
}

describe('bytes and descriptors', () => {
    test.each(SEEDS)('arrive whole, in order and in time, both ways, under back-pressure (seed %i)', seed => {
        const before = world.openFds();
        const pair = world.pair();
        bindGlobals(pair);
        tell(pair, id.device, 'wl_data_device.data_offer', [0xff000000]);
        const surface = id.surface;
        pair.guest.send(id.compositor, 'wl_compositor.create_surface', [surface]);
        pair.compositor.expect(id.compositor, 'wl_compositor.create_surface');
        const { random, requests, events } = stress(pair, seed);
        setSurface(events.bytes, surface);
        const senders = [
            new Sender(pair.guest.socket, requests, random),
            new Sender(pair.compositor.socket, events, random),
        ];
        const receivers = [
            new Receiver(pair.compositor.socket, requests),
            new Receiver(pair.guest.socket, events),
        ];
        for (let turn = 0; receivers.some(r => !r.done); turn++) {
            senders.forEach(sender => sender.step());
            const stalled = (turn >> 6) % 4;
            receivers.forEach((receiver, i) =>
                stalled === i ? undefined : receiver.step(1 + (random(70_000) % 65_536))
            );
            if (turn > 1_000_000) throw new Error('no progress');
        }
        pair.guest.close();
        pair.compositor.close();
        while (daemon.expect('clients').count !== 0);
        expect(world.openFds()).toBe(before);
    });

    test('what a guest sends before it closes is delivered', () => {
        const pair = world.pair();
        bindGlobals(pair);
        const pong = encode(id.wmBase, named('requests', 'xdg_wm_base.pong').opcode, [7]);
        const all = Buffer.concat(Array.from({ length: 20_000 }, () => pong));
        let at = 0;
        const { socket } = pair.compositor;
        while (at < all.length) {
            at += pair.guest.socket.sendSome(all.subarray(at));
            socket.readSome();
        }
        pair.guest.socket.close();
        socket.readUntil(() => false, 'the end');
        expect(socket.data.equals(all)).toBe(true);
    });
});

/** Fills the surface argument of every wl_keyboard.enter in. */
function setSurface(bytes: Buffer, surface: number) {
    for (let at = 0; at < bytes.length; at += bytes.readUInt16LE(at + 6))
        if (bytes.readUInt16LE(at + 4) === 1) bytes.writeUInt32LE(surface, at + 12);
}

/** Sends until the peer takes no more. Returns how much went. */
function flood(socket: Socket, bytes: Buffer): number {
    let total = 0;
    while (total < 64e6 && waitFor(socket.fd, epoll.out, 200)) total += socket.sendSome(bytes);
    return total;
}

describe('a flood', () => {
    test('of requests to a compositor that does not read is stopped by back-pressure', () => {
        const pair = world.pair();
        bindGlobals(pair);
        const before = world.memory();
        const pong = encode(id.wmBase, named('requests', 'xdg_wm_base.pong').opcode, [7]);
        const total = flood(pair.guest.socket, Buffer.concat(Array.from({ length: 5000 }, () => pong)));
        expect(total).toBeLessThan(2e6);
        expect(world.memory() - before).toBeLessThan(8192);
        const other = world.pair();
        barrier(other, 2);
    });

    test('of events to a guest that never reads is stopped by back-pressure', () => {
        const pair = world.pair();
        bindGlobals(pair);
        const before = world.memory();
        const ping = encode(id.wmBase, named('events', 'xdg_wm_base.ping').opcode, [7]);
        const total = flood(pair.compositor.socket, Buffer.concat(Array.from({ length: 5000 }, () => ping)));
        expect(total).toBeLessThan(2e6);
        expect(world.memory() - before).toBeLessThan(8192);
    });

    test('of connections waits in the queue beyond the limit', () => {
        for (let i = 0; i < 64; i++) world.pair();
        world.guest();
        expect(waitFor(world.compositorListener, epoll.in, 200)).toBe(false);
    });

    test('of objects ends at the limit', () => {
        const pair = world.pair();
        bindGlobals(pair);
        const syncs = [];
        for (let i = id.free; i <= 8192; i++) syncs.push(encode(1, 0, [i]));
        const { socket } = pair.compositor;
        for (const sync of syncs) {
            pair.guest.raw(sync);
            socket.readSome();
        }
        expect(pair.guest.expect(1, 'wl_display.error').slice(0, 2)).toEqual([1, 2]);
    });
});
