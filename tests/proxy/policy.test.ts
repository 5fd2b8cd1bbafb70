import { openSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { allowedGlobals, judgedDenied } from '../../src/wayland-proxy/policy.js';
import { interfaces } from '../../src/wayland-proxy/protocol.js';
import { barrier, bindGlobals, id, makeWindow, pass, tell, type Pair } from '../support/wayland/client.js';
import { encode, named } from '../support/wayland/wire.js';
import { World } from '../support/wayland/world.js';

let world: World;
let pair: Pair;

beforeEach(async () => {
    world = await World.start();
    world.admit();
    pair = world.pair();
});
afterEach(() => world.stop());

test('every allowed global can be decoded, and none is both allowed and denied', () => {
    for (const [name, version] of Object.entries(allowedGlobals)) {
        expect(interfaces.get(name)?.version).toBeGreaterThanOrEqual(version);
        expect(judgedDenied).not.toHaveProperty(name);
    }
});

describe('globals', () => {
    beforeEach(() => void pass(pair, 1, 'wl_display.get_registry', [2]));

    test('denied and unknown globals are hidden, and so is their removal', () => {
        pair.compositor.send(2, 'wl_registry.global', [1, 'gtk_shell1', 5]);
        pair.compositor.send(2, 'wl_registry.global', [2, 'zwp_primary_selection_device_manager_v1', 1]);
        pair.compositor.send(2, 'wl_registry.global', [3, 'made_up_by_tomorrow_v1', 1]);
        pair.compositor.send(2, 'wl_registry.global_remove', [3]);
        expect(tell(pair, 2, 'wl_registry.global', [4, 'wl_shm', 1])).toEqual([4, 'wl_shm', 1]);
        expect(tell(pair, 2, 'wl_registry.global_remove', [4])).toEqual([4]);
    });

    test('versions are capped at what the tables know', () => {
        expect(tell(pair, 2, 'wl_registry.global', [1, 'wl_seat', 99])).toEqual([1, 'wl_seat', 9]);
        expect(tell(pair, 2, 'wl_registry.global', [2, 'wl_compositor', 5])).toEqual([2, 'wl_compositor', 5]);
    });

    test.each([
        ['a hidden global', [1, 'gtk_shell1', 1, 3]],
        ['a version above the cap', [2, 'wl_seat', 10, 3]],
        ['version 0', [2, 'wl_seat', 0, 3]],
        ['another interface under an offered name', [2, 'wl_shm', 1, 3]],
        ['a name that was never announced', [77, 'wl_seat', 1, 3]],
    ])('binding %s ends the connection', (_, args) => {
        pair.compositor.send(2, 'wl_registry.global', [1, 'gtk_shell1', 5]);
        tell(pair, 2, 'wl_registry.global', [2, 'wl_seat', 99]);
        pair.guest.send(2, 'wl_registry.bind', args);
        expect(pair.guest.expect(1, 'wl_display.error')[0]).toBe(1);
        pair.guest.expectEnd();
        pair.compositor.expectEnd();
    });
});

describe('windows', () => {
    beforeEach(() => {
        bindGlobals(pair);
        makeWindow(pair, openSync('/dev/null', 'r'));
    });

    test('a guest that claims another app_id gets its own', () => {
        expect(pass(pair, id.toplevel, 'xdg_toplevel.set_app_id', ['org.gnome.Settings'])).toEqual([
            'org.bulkhead.Instance.demo',
        ]);
    });

    test('attack: thousands of tiny app_ids in one write grow on the way, and each arrives whole', () => {
        const { opcode } = named('requests', 'xdg_toplevel.set_app_id');
        const one = encode(id.toplevel, opcode, ['']);
        pair.guest.raw(Buffer.concat(Array.from({ length: 4000 }, () => one)));
        for (let i = 0; i < 4000; i++) {
            const [appId] = pair.compositor.expect(id.toplevel, 'xdg_toplevel.set_app_id');
            if (appId !== 'org.bulkhead.Instance.demo') throw new Error(`number ${i} is broken`);
        }
        barrier(pair, id.free);
    });

    test('a title loses control, bidi and zero-width characters and is cut', () => {
        const title = 'Set\u202Etings\u200B\u0007\nof\u2066 x\uFEFF';
        expect(pass(pair, id.toplevel, 'xdg_toplevel.set_title', [title])).toEqual(['Settings of x']);
        const long = pass(pair, id.toplevel, 'xdg_toplevel.set_title', ['\u{1F600}'.repeat(5000)]);
        expect([...(long[0] as string)]).toHaveLength(200);
        expect(pass(pair, id.toplevel, 'xdg_toplevel.set_title', ['e\u0301'])).toEqual(['\u00E9']);
    });

    test('an absurd window geometry is clamped', () => {
        const passed = pass(
            pair,
            id.xdgSurface,
            'xdg_surface.set_window_geometry',
            [-99999, 5, 0, 0x7fffffff]
        );
        expect(passed.map(value => Number(value) | 0)).toEqual([-16384, 5, 1, 16384]);
    });

    test('drag and drop is denied: the source is cancelled, the compositor hears nothing, drags from outside are not seen', () => {
        pass(pair, id.dataManager, 'wl_data_device_manager.create_data_source', [id.free]);
        pair.guest.send(id.device, 'wl_data_device.start_drag', [id.free, id.surface, null, 7]);
        pair.guest.expect(id.free, 'wl_data_source.cancelled');
        tell(pair, id.device, 'wl_data_device.data_offer', [0xff000000]);
        pair.compositor.send(0xff000000, 'wl_data_offer.offer', ['text/secret']);
        pair.compositor.send(0xff000000, 'wl_data_offer.source_actions', [1]);
        pair.compositor.send(id.device, 'wl_data_device.enter', [1, id.surface, 0, 0, 0xff000000]);
        pair.compositor.send(id.device, 'wl_data_device.drop');
        barrier(pair, id.free + 1);
    });
});
