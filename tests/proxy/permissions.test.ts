import { openSync, readSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { proxyLimits } from '../../src/wayland-proxy/limits.js';
import { epoll } from '../../src/wayland-proxy/poller.js';
import { close } from '../../src/wayland-proxy/sys.js';
import { barrier, bindGlobals, id, makeWindow, pass, tell, type Pair } from '../support/wayland/client.js';
import type { FakeDaemon } from '../support/wayland/daemon.js';
import { pipe, waitFor } from '../support/wayland/socket.js';
import { World } from '../support/wayland/world.js';

const offer = 0xff000000;
let world: World;
let daemon: FakeDaemon;
let pair: Pair;

async function startInstance() {
    world = await World.start();
    daemon = world.admit();
    pair = world.pair();
    bindGlobals(pair);
    makeWindow(pair, openSync('/dev/null', 'r'));
}

beforeEach(startInstance);
afterEach(() => world.stop());

/** What the rate allows: a full second's worth at once, then so many a second. */
const reportsSince = (start: number) =>
    1 + proxyLimits.reportsPerSecond * (1 + (performance.now() - start) / 1000);

describe('fullscreen', () => {
    const ask = () => {
        pair.guest.send(id.toplevel, 'xdg_toplevel.set_fullscreen', [id.output]);
        return daemon.expect('ask');
    };

    test('is held until allowed', () => {
        const { ask: number, resource, detail } = ask();
        expect([resource, detail]).toEqual(['fullscreen', '']);
        barrier(pair, id.free);
        daemon.send({ type: 'verdict', ask: number, allow: true });
        expect(pair.compositor.expect(id.toplevel, 'xdg_toplevel.set_fullscreen')).toEqual([id.output]);
    });

    test('is not forwarded when denied, and can be asked again', () => {
        daemon.send({ type: 'verdict', ask: ask().ask, allow: false });
        // Serving a new client proves that the verdict has been seen.
        world.pair();
        daemon.send({ type: 'verdict', ask: ask().ask, allow: true });
        pair.compositor.expect(id.toplevel, 'xdg_toplevel.set_fullscreen');
        barrier(pair, id.free);
    });

    test('asked twice is one question', () => {
        const { ask: number } = ask();
        pair.guest.send(id.toplevel, 'xdg_toplevel.set_fullscreen', [null]);
        barrier(pair, id.free);
        daemon.send({ type: 'verdict', ask: number, allow: true });
        expect(pair.compositor.expect(id.toplevel, 'xdg_toplevel.set_fullscreen')).toEqual([0]);
        barrier(pair, id.free);
    });

    test('is withdrawn by unset_fullscreen, and a late verdict changes nothing', () => {
        const { ask: number } = ask();
        pass(pair, id.toplevel, 'xdg_toplevel.unset_fullscreen');
        expect(daemon.expect('withdraw').ask).toBe(number);
        daemon.send({ type: 'verdict', ask: number, allow: true });
        barrier(world.pair(), 2);
        barrier(pair, id.free);
    });

    test('is withdrawn when the window goes', () => {
        const { ask: number } = ask();
        pass(pair, id.toplevel, 'xdg_toplevel.destroy');
        expect(daemon.expect('withdraw').ask).toBe(number);
    });

    test('is withdrawn when the client goes', () => {
        const { ask: number } = ask();
        pair.guest.socket.close();
        expect(daemon.expect('withdraw').ask).toBe(number);
    });

    test('forgets an output that is gone', () => {
        const { ask: number } = ask();
        pass(pair, id.output, 'wl_output.release');
        daemon.send({ type: 'verdict', ask: number, allow: true });
        expect(pair.compositor.expect(id.toplevel, 'xdg_toplevel.set_fullscreen')).toEqual([0]);
    });

    test('is denied when the daemon goes, or is not there', () => {
        ask();
        daemon.close();
        world.pair();
        pair.guest.send(id.toplevel, 'xdg_toplevel.set_fullscreen', [null]);
        barrier(pair, id.free);
    });

    test('a window that asks in a loop is denied without questions', () => {
        const start = performance.now();
        for (let i = 0; i < 100; i++) {
            pair.guest.send(id.toplevel, 'xdg_toplevel.set_fullscreen', [null]);
            pair.guest.send(id.toplevel, 'xdg_toplevel.unset_fullscreen');
            pair.compositor.expect(id.toplevel, 'xdg_toplevel.unset_fullscreen');
        }
        pair.guest.socket.close();
        let asked = 0;
        for (
            let message = daemon.next();
            message?.type !== 'clients' || message.count > 0;
            message = daemon.next()
        )
            if (message?.type === 'ask') asked++;
        expect(asked).toBeLessThanOrEqual(reportsSince(start));
    });
});

/** The compositor announces an offer of another program as the clipboard. */
function announce(types: string[] = ['text/plain']) {
    tell(pair, id.device, 'wl_data_device.data_offer', [offer]);
    for (const type of types) pair.compositor.send(offer, 'wl_data_offer.offer', [type]);
    pair.compositor.send(id.device, 'wl_data_device.selection', [offer]);
    for (const type of types) expect(pair.guest.expect(offer, 'wl_data_offer.offer')).toEqual([type]);
    pair.guest.expect(id.device, 'wl_data_device.selection');
}

/** The guest asks for the clipboard. Returns the end it reads from. */
function paste(type = 'text/plain'): number {
    const [read, write] = pipe();
    pair.guest.send(offer, 'wl_data_offer.receive', [type], [write]);
    return read;
}

function expectClosed(read: number) {
    if (!waitFor(read, epoll.in)) throw new Error('awaited the end of a denied paste');

    expect(readSync(read, Buffer.alloc(16))).toBe(0);
    close(read);
}

/** The compositor answers a paste that reached it, and the guest reads the answer. */
function expectPasted(read: number, type = 'text/plain') {
    expect(pair.compositor.expect(offer, 'wl_data_offer.receive')).toEqual([type]);
    const write = pair.compositor.takeFd();
    writeSync(write, 'pasted');
    close(write);
    if (!waitFor(read, epoll.in)) throw new Error('awaited what was pasted');

    const buffer = Buffer.alloc(16);
    expect(buffer.toString('utf8', 0, readSync(read, buffer))).toBe('pasted');
    close(read);
}

describe('pasting what another program copied', () => {
    test('is asked for with its type, and allowed it goes through with its descriptor', () => {
        announce();
        const read = paste();
        const { ask, resource, detail } = daemon.expect('ask');
        expect([resource, detail]).toEqual(['clipboard-read', 'text/plain']);
        barrier(pair, id.free);
        daemon.send({ type: 'verdict', ask, allow: true });
        expectPasted(read);
        expectPasted(paste());
    });

    test('gives the end of file when denied', () => {
        announce();
        const read = paste();
        daemon.send({ type: 'verdict', ask: daemon.expect('ask').ask, allow: false });
        expectClosed(read);
        barrier(pair, id.free);
    });

    test('of several types is one question', () => {
        announce(['text/plain', 'text/html']);
        const reads = [paste('text/plain'), paste('text/html')];
        const { ask } = daemon.expect('ask');
        barrier(pair, id.free);
        daemon.send({ type: 'verdict', ask, allow: true });
        expectPasted(reads[0]!, 'text/plain');
        expectPasted(reads[1]!, 'text/html');
    });

    test('works although the guest destroys the offer while the question is open', () => {
        announce();
        const read = paste();
        pair.guest.send(offer, 'wl_data_offer.destroy');
        const { ask } = daemon.expect('ask');
        barrier(pair, id.free);
        daemon.send({ type: 'verdict', ask, allow: true });
        expectPasted(read);
        pair.compositor.expect(offer, 'wl_data_offer.destroy');
    });

    test('is denied when the daemon goes while the question is open, and without one', () => {
        announce();
        const read = paste();
        daemon.expect('ask');
        daemon.close();
        expectClosed(read);
        expectClosed(paste());
    });

    test('is denied once when the daemon dies just before another question is put', () => {
        announce();
        const read = paste();
        daemon.expect('ask');
        world.child.kill('SIGSTOP');
        // In this order: the proxy serves the guest first and finds the daemon gone while it handles the request.
        pair.guest.send(id.toplevel, 'xdg_toplevel.set_fullscreen', [null]);
        daemon.close();
        world.child.kill('SIGCONT');
        expectClosed(read);
        barrier(pair, id.free);
    });

    test('is withdrawn and closed when the client goes', () => {
        announce();
        const read = paste();
        const { ask } = daemon.expect('ask');
        pair.guest.socket.close();
        expect(daemon.expect('withdraw').ask).toBe(ask);
        expectClosed(read);
    });

    test('of an offer that is not the clipboard is refused without a question', () => {
        tell(pair, id.device, 'wl_data_device.data_offer', [offer]);
        expectClosed(paste());
    });

    test('without end is cut: descriptors over the limit are closed', () => {
        announce();
        const reads = Array.from({ length: 20 }, () => paste());
        barrier(pair, id.free);
        reads.slice(16).forEach(expectClosed);
        reads.slice(0, 16).forEach(close);
    });
});

describe('the guest as owner of the clipboard', () => {
    /** Copies, and returns the marked types the compositor was told. */
    function copy(): string[] {
        pass(pair, id.dataManager, 'wl_data_device_manager.create_data_source', [id.free]);
        const types = pass(pair, id.free, 'wl_data_source.offer', ['text/plain']);
        pair.guest.send(id.device, 'wl_data_device.set_selection', [id.free, 1]);
        types.push(...pair.compositor.expect(id.free, 'wl_data_source.offer'));
        pair.compositor.expect(id.device, 'wl_data_device.set_selection');
        return types as string[];
    }

    /** The compositor announces these types; the guest hears of the ordinary one only. */
    function announceOwn(types: string[]) {
        tell(pair, id.device, 'wl_data_device.data_offer', [offer]);
        for (const type of types) pair.compositor.send(offer, 'wl_data_offer.offer', [type]);
        pair.compositor.send(id.device, 'wl_data_device.selection', [offer]);
        expect(pair.guest.expect(offer, 'wl_data_offer.offer')).toEqual(['text/plain']);
        pair.guest.expect(id.device, 'wl_data_device.selection');
    }

    test('reads back what it copied without a question', () => {
        announceOwn(copy());
        expectPasted(paste());
    });

    test('is told when another takes over, and may give the clipboard up', () => {
        copy();
        tell(pair, id.free, 'wl_data_source.cancelled');
        pass(pair, id.device, 'wl_data_device.set_selection', [null, 2]);
    });

    test('attack: claiming the clipboard with a stale serial does not open what another program copied', () => {
        copy();
        announce();
        const read = paste();
        expect(daemon.expect('ask').resource).toBe('clipboard-read');
        close(read);
    });

    test('attack: the mark of another instance cannot be forged or seen', () => {
        pass(pair, id.dataManager, 'wl_data_device_manager.create_data_source', [id.free]);
        pair.guest.send(id.free, 'wl_data_source.offer', ['application/x-bulkhead-00']);
        barrier(pair, id.free + 1);
        announceOwn(['application/x-bulkhead-00', 'text/plain']);
        close(paste());
        expect(daemon.expect('ask').resource).toBe('clipboard-read');
    });

    test('attack: what another instance copied is asked for, even of a guest that claims the clipboard', async () => {
        const copiedElsewhere = copy();
        await world.stop();
        await startInstance();
        copy();
        announceOwn(copiedElsewhere);
        close(paste());
        expect(daemon.expect('ask').resource).toBe('clipboard-read');
    });
});
