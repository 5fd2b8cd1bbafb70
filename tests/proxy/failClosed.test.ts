import { once } from 'node:events';
import { openSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { epoll } from '../../src/wayland-proxy/poller.js';
import { close } from '../../src/wayland-proxy/sys.js';
import {
    barrier,
    bindGlobals,
    commitWindow,
    id,
    makeWindow,
    pass,
    tell,
    type Pair,
} from '../support/wayland/client.js';
import type { FakeDaemon } from '../support/wayland/daemon.js';
import { waitFor } from '../support/wayland/socket.js';
import { World } from '../support/wayland/world.js';

/** How long nothing must happen where nothing may happen: there is no event to wait for. */
const QUIET = 150;

let world: World;

beforeEach(async () => {
    world = await World.start();
});
afterEach(() => world.stop());

describe('admission', () => {
    test('no connection to the compositor before the daemon admits, and waiting guests are served then', () => {
        const guest = world.guest();
        guest.send(1, 'wl_display.get_registry', [2]);
        const daemon = world.daemon();
        daemon.send({ type: 'shell', present: true, input: true });
        expect(waitFor(world.compositorListener, epoll.in, QUIET)).toBe(false);
        daemon.send({ type: 'admit' });
        world.compositor().expect(1, 'wl_display.get_registry');
    });

    test('the sockets are for their owner only', async () => {
        expect(statSync(world.config.listenSocket).mode & 0o777).toBe(0o600);
        expect(statSync(world.config.controlSocket).mode & 0o777).toBe(0o600);
        expect((await world.files()).sort()).toEqual(['compositor', 'config.json', 'control', 'guest']);
    });

    test('the newest daemon replaces an older one', () => {
        const first = world.daemon();
        const second = world.daemon();
        expect(first.next()).toBeUndefined();
        second.send({ type: 'admit' });
        world.pair();
        expect(second.expect('clients').count).toBe(1);
    });

    test('a daemon that does not speak the protocol is disconnected', () => {
        const daemon = world.daemon();
        daemon.sendLine('{"type":"admit","force":true}');
        expect(daemon.next()).toBeUndefined();
        world.guest();
        expect(waitFor(world.compositorListener, epoll.in, QUIET)).toBe(false);
    });
});

/** An admitted proxy with one guest that has made a window and not mapped it. */
function admittedWindow() {
    const daemon = world.admit();
    const pair = world.pair();
    bindGlobals(pair);
    makeWindow(pair, openSync('/dev/null', 'r'));
    return { daemon, pair };
}

describe('mapping', () => {
    let daemon: FakeDaemon;
    let pair: Pair;

    beforeEach(() => {
        ({ daemon, pair } = admittedWindow());
    });

    test('a window maps while the shell is there, and its first commit is reported once', () => {
        commitWindow(pair);
        pair.compositor.expect(id.surface, 'wl_surface.commit');
        expect(daemon.expect('first-commit')).toEqual({ type: 'first-commit' });
    });

    test('without the extension the mapping commit is parked until it is back', () => {
        daemon.send({ type: 'shell', present: false, input: false });
        settled();
        commitWindow(pair);
        expect(hears(pair)).toBe(false);
        daemon.send({ type: 'shell', present: true, input: true });
        pair.compositor.expect(id.surface, 'wl_surface.commit');
        barrier(pair, id.free);
    });

    test('without a daemon the mapping commit is parked until one says that the shell is there', () => {
        daemon.close();
        settled();
        commitWindow(pair);
        expect(hears(pair)).toBe(false);
        const next = world.daemon();
        expect(hears(pair)).toBe(false);
        next.send({ type: 'shell', present: true, input: true });
        pair.compositor.expect(id.surface, 'wl_surface.commit');
    });

    test('a window that is shown goes on being drawn while frozen', () => {
        commitWindow(pair);
        pair.compositor.expect(id.surface, 'wl_surface.commit');
        daemon.send({ type: 'shell', present: false, input: false });
        settled();
        commitWindow(pair);
        pair.compositor.expect(id.surface, 'wl_surface.commit');
    });

    test('a popup does not map while frozen', () => {
        commitWindow(pair);
        pair.compositor.expect(id.surface, 'wl_surface.commit');
        const [surface, xdgSurface, positioner, popup] = [id.free, id.free + 1, id.free + 2, id.free + 3];
        pass(pair, id.compositor, 'wl_compositor.create_surface', [surface]);
        pass(pair, id.wmBase, 'xdg_wm_base.get_xdg_surface', [xdgSurface, surface]);
        pass(pair, id.wmBase, 'xdg_wm_base.create_positioner', [positioner]);
        pass(pair, xdgSurface, 'xdg_surface.get_popup', [popup, id.xdgSurface, positioner]);
        daemon.send({ type: 'shell', present: false, input: false });
        settled();
        pass(pair, surface, 'wl_surface.attach', [id.buffer, 0, 0]);
        pair.guest.send(surface, 'wl_surface.commit');
        expect(hears(pair)).toBe(false);
    });

    test('a buffer committed before the role, or destroyed before the commit, does not pass for a shown window', () => {
        pair.guest.send(id.surface, 'wl_surface.attach', [id.buffer, 0, 0]);
        pair.guest.send(id.buffer, 'wl_buffer.destroy');
        pair.guest.send(id.surface, 'wl_surface.commit');
        pair.compositor.expect(id.surface, 'wl_surface.attach');
        pair.compositor.expect(id.buffer, 'wl_buffer.destroy');
        pair.compositor.expect(id.surface, 'wl_surface.commit');
        daemon.send({ type: 'shell', present: false, input: false });
        settled();
        pass(pair, id.pool, 'wl_shm_pool.create_buffer', [id.free, 0, 16, 16, 64, 1]);
        pass(pair, id.surface, 'wl_surface.attach', [id.free, 0, 0]);
        pair.guest.send(id.surface, 'wl_surface.commit');
        expect(hears(pair)).toBe(false);
    });
});

describe('input', () => {
    let daemon: FakeDaemon;
    let pair: Pair;

    beforeEach(() => {
        ({ daemon, pair } = admittedWindow());
    });

    test('frozen input: no motion, press, axis or key arrives, but enter, leave, modifiers and frames do', () => {
        daemon.send({ type: 'shell', present: true, input: false });
        settled();
        const { compositor } = pair;
        tell(pair, id.pointer, 'wl_pointer.enter', [1, id.surface, 0, 0]);
        compositor.send(id.pointer, 'wl_pointer.motion', [1, 0, 0]);
        compositor.send(id.pointer, 'wl_pointer.button', [1, 1, 272, 1]);
        compositor.send(id.pointer, 'wl_pointer.button', [1, 1, 272, 0]);
        compositor.send(id.pointer, 'wl_pointer.axis', [1, 0, 10]);
        tell(pair, id.pointer, 'wl_pointer.frame');
        const keys = tell(pair, id.keyboard, 'wl_keyboard.enter', [
            1,
            id.surface,
            new Uint8Array(Uint32Array.of(30, 31).buffer),
        ]);
        expect(keys[2]).toHaveLength(0);
        compositor.send(id.keyboard, 'wl_keyboard.key', [1, 1, 30, 1]);
        compositor.send(id.keyboard, 'wl_keyboard.key', [1, 1, 30, 0]);
        tell(pair, id.keyboard, 'wl_keyboard.modifiers', [1, 0, 0, 0, 0]);
        tell(pair, id.pointer, 'wl_pointer.leave', [1, id.surface]);
    });

    test('a key held when input freezes is released, one pressed while frozen is not', () => {
        const { compositor } = pair;
        tell(pair, id.keyboard, 'wl_keyboard.key', [1, 1, 30, 1]);
        daemon.send({ type: 'shell', present: true, input: false });
        settled();
        compositor.send(id.keyboard, 'wl_keyboard.key', [2, 1, 31, 1]);
        expect(tell(pair, id.keyboard, 'wl_keyboard.key', [3, 1, 30, 0])).toEqual([3, 1, 30, 0]);
        daemon.send({ type: 'shell', present: true, input: true });
        settled();
        compositor.send(id.keyboard, 'wl_keyboard.key', [4, 1, 31, 0]);
        expect(tell(pair, id.keyboard, 'wl_keyboard.key', [5, 1, 32, 1])).toEqual([5, 1, 32, 1]);
    });
});

describe('the compositor', () => {
    test('when it dies the proxy ends with exit code 3', async () => {
        world.admit();
        const { guest, compositor } = world.pair();
        const exit = once(world.child, 'exit');
        close(world.compositorListener);
        compositor.close();
        guest.expectEnd();
        expect((await exit)[0]).toBe(3);
    });

    test('what it said last reaches the guest', () => {
        world.admit();
        const { guest, compositor } = world.pair();
        compositor.send(1, 'wl_display.error', [1, 3, 'no']);
        compositor.socket.close();
        expect(guest.expect(1, 'wl_display.error')).toEqual([1, 3, 'no']);
        guest.expectEnd();
    });
});

/** What the daemon and the guests did before this has been seen: the proxy serves its sockets in the order they became ready. */
const settled = () => world.pair();

/** Whether the compositor hears anything of what this guest has sent so far. */
function hears(pair: Pair): boolean {
    settled();
    return waitFor(pair.compositor.socket.fd, epoll.in, QUIET);
}
