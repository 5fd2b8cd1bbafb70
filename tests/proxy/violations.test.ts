import { openSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { proxyLimits } from '../../src/wayland-proxy/limits.js';
import { bindGlobals, id, makeWindow, pass, tell, type Pair } from '../support/wayland/client.js';
import type { FakeDaemon } from '../support/wayland/daemon.js';
import { encode } from '../support/wayland/wire.js';
import { World } from '../support/wayland/world.js';

let world: World;
let daemon: FakeDaemon;
let pair: Pair;
let baseFds: number;

beforeEach(async () => {
    world = await World.start();
    daemon = world.admit();
    daemon.send({ type: 'admit' });
    baseFds = world.openFds();
    pair = world.pair();
    bindGlobals(pair);
    makeWindow(pair, openSync('/dev/null', 'r'));
});
afterEach(() => world.stop());

const words = (...values: number[]) => Buffer.from(Uint32Array.from(values.map(v => v >>> 0)).buffer);
const header = (object: number, size: number, opcode: number) => words(object, (size << 16) | opcode);
const setTitle = (...body: Buffer[]) => {
    const bytes = Buffer.concat(body);
    return Buffer.concat([header(id.toplevel, 8 + bytes.length, 2), bytes]);
};

const attacks: [string, number, () => Buffer][] = [
    ['an opcode the interface does not have', 1, () => encode(id.surface, 99)],
    ['a request newer than its object', 1, () => encode(id.shm, 1)],
    ['an id that was never made', 0, () => encode(4000, 0)],
    ['the null object', 0, () => encode(0, 0)],
    ['an id of the compositor that is not there', 0, () => encode(0xff000005, 2)],
    ['a destroyed object', 0, () => Buffer.concat([encode(id.buffer, 0), encode(id.buffer, 0)])],
    [
        'a destroyed object as an argument',
        0,
        () => Buffer.concat([encode(id.buffer, 0), encode(id.surface, 1, [id.buffer, 0, 0])]),
    ],
    ['an argument of another interface', 0, () => encode(id.surface, 1, [id.pointer, 0, 0])],
    ['a null object where one is due', 1, () => encode(id.wmBase, 2, [id.free, 0])],
    ['a new id that is in use', 0, () => encode(1, 0, [id.surface])],
    [
        'a new id that is destroyed but not freed',
        0,
        () => Buffer.concat([encode(id.buffer, 0), encode(1, 0, [id.buffer])]),
    ],
    ['a new id in the range of the compositor', 0, () => encode(1, 0, [0xff000000])],
    ['a new id of 0', 0, () => encode(1, 0, [0])],
    ['an id beyond the limit', 2, () => encode(1, 0, [8192])],
    ['a message that is too short', 1, () => encode(id.surface, 2, [0, 0, 1])],
    ['a message that is too long', 1, () => encode(id.surface, 2, [0, 0, 1, 1, 1])],
    ['a size below the header', 1, () => header(id.surface, 4, 6)],
    ['a size that is no multiple of 4', 1, () => Buffer.concat([header(id.surface, 10, 6), words(0)])],
    [
        'a message of the largest size for a small request',
        1,
        () => Buffer.concat([header(id.surface, 65532, 6), Buffer.alloc(65524)]),
    ],
    ['a null string where one is due', 1, () => setTitle(words(0))],
    ['a string longer than its message', 1, () => setTitle(words(400), words(0))],
    ['a string of 4 GiB', 1, () => setTitle(words(0xffffffff), words(0))],
    ['a string without an end', 1, () => setTitle(words(4), Buffer.from('abcd'))],
    ['a string with a zero byte inside', 1, () => setTitle(words(4), Buffer.from('a\0b\0'))],
    ['a string that is not UTF-8', 1, () => setTitle(words(4), Buffer.from([0x61, 0xff, 0x62, 0]))],
    ['a UTF-8 surrogate', 1, () => setTitle(words(4), Buffer.from([0xed, 0xa0, 0x80, 0]))],
    ['a pool without its descriptor', 1, () => encode(id.shm, 0, [id.free, 4096])],
    ['a paste without its descriptor', 0, () => encode(0xff000000, 1, ['text/plain'])],
];

describe('a guest that sends', () => {
    test.each(attacks)('%s is told and cut off, and nothing is forwarded', (_, code, attack) => {
        tryRaw(attack());
        const [object, got, why] = pair.guest.expect(1, 'wl_display.error');
        expect([object, got]).toEqual([1, code]);
        pair.guest.expectEnd();
        pair.compositor.expectEnd();
        expect(daemon.expect('violation').why).toBe(why);
    });

    test('more descriptors than any message needs is cut off and they are closed', () => {
        for (let i = 0; i < 10; i++) {
            const fds = Array.from({ length: 28 }, () => openSync('/dev/null', 'r'));
            if (!tryRaw(words(id.surface), fds)) break;
        }
        pair.guest.expect(1, 'wl_display.error');
        pair.compositor.expectEnd();
        pair.guest.close();
        daemon.expect('violation');
        // 'clients' 0 comes once everything of the connection is released.
        while (daemon.expect('clients').count !== 0);
        expect(world.openFds()).toBe(baseFds);
    });
});

/** Sends to a proxy that may hang up meanwhile. */
function tryRaw(bytes: Buffer, fds: number[] = []): boolean {
    try {
        pair.guest.raw(bytes, fds);
        return true;
    } catch {
        return false;
    }
}

test('neither what came before an attack in the same read nor what follows it is forwarded', () => {
    const good = encode(id.toplevel, 9);
    tryRaw(Buffer.concat([good, encode(4000, 0), good]));
    pair.guest.expect(1, 'wl_display.error');
    pair.compositor.expectEnd();
});

test('another client of the same guest is not disturbed by one that is cut off', () => {
    const other = world.pair();
    pass(other, 1, 'wl_display.get_registry', [2]);
    pair.guest.send(id.surface, 'wl_surface.attach', [4000, 0, 0]);
    pair.guest.expect(1, 'wl_display.error');
    tell(other, 2, 'wl_registry.global', [1, 'wl_shm', 1]);
    pass(other, 2, 'wl_registry.bind', [1, 'wl_shm', 1, 3]);
});

test('string padding cannot carry bytes through', () => {
    pair.guest.raw(Buffer.concat([header(id.seat, 12, 0), words(id.free)]));
    pair.compositor.expect(id.seat, 'wl_seat.get_pointer');
    tell(pair, id.device, 'wl_data_device.data_offer', [0xff000000]);
    const text = Buffer.from([0x61, 0, 0x66, 0x67]);
    pair.guest.raw(Buffer.concat([header(0xff000000, 20, 0), words(1), words(2), text]));
    expect([...pair.compositor.next()!.body.subarray(8)]).toEqual([0x61, 0, 0, 0]);
});

test('a guest that breaks the rules again and again does not flood the daemon', () => {
    const start = performance.now();
    for (let i = 0; i < 60; i++) {
        const { guest } = world.pair();
        guest.raw(encode(4000, 0));
        guest.expect(1, 'wl_display.error');
        guest.expectEnd();
    }
    const allowed = 1 + proxyLimits.reportsPerSecond * (1 + (performance.now() - start) / 1000);
    pair.guest.socket.close();
    let told = 0;
    for (
        let message = daemon.next();
        message?.type !== 'clients' || message.count > 0;
        message = daemon.next()
    )
        if (message?.type === 'violation') told++;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(allowed);
});
