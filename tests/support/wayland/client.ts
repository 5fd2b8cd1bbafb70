/** The first words of an ordinary client: registry, globals, a window. Ids are fixed, so that tests can name them. */
import { close } from '../../../src/wayland-proxy/sys.js';
import type { Peer } from './peer.js';

export interface Pair {
    guest: Peer;
    compositor: Peer;
}

/** The ids a client uses here, in the order it makes them. */
export const id = {
    registry: 2,
    compositor: 3,
    wmBase: 4,
    seat: 5,
    dataManager: 6,
    shm: 7,
    output: 8,
    device: 9,
    pointer: 10,
    keyboard: 11,
    surface: 12,
    xdgSurface: 13,
    toplevel: 14,
    pool: 15,
    buffer: 16,
    free: 17,
} as const;

const globals = [
    ['wl_compositor', 6, id.compositor],
    ['xdg_wm_base', 6, id.wmBase],
    ['wl_seat', 9, id.seat],
    ['wl_data_device_manager', 3, id.dataManager],
    ['wl_shm', 1, id.shm],
    ['wl_output', 4, id.output],
] as const;

/** Sends a request and sees it come out at the compositor. */
export function pass(
    { guest, compositor }: Pair,
    object: number,
    name: string,
    args: Parameters<Peer['send']>[2] = []
) {
    guest.send(object, name, args);
    return compositor.expect(object, name);
}

/** Sends an event and sees it come out at the guest. */
export function tell(
    { guest, compositor }: Pair,
    object: number,
    name: string,
    args: Parameters<Peer['send']>[2] = []
) {
    compositor.send(object, name, args);
    return guest.expect(object, name);
}

/** Proves that everything the guest sent before has been dealt with: a request passes after it. */
export function barrier(pair: Pair, callback: number) {
    pass(pair, 1, 'wl_display.sync', [callback]);
    tell(pair, callback, 'wl_callback.done', [0]);
    tell(pair, 1, 'wl_display.delete_id', [callback]);
}

/** Binds the usual globals. */
export function bindGlobals(pair: Pair) {
    pass(pair, 1, 'wl_display.get_registry', [id.registry]);
    globals.forEach(([type, version, object], name) => {
        tell(pair, id.registry, 'wl_registry.global', [name, type, version]);
        pass(pair, id.registry, 'wl_registry.bind', [name, type, version, object]);
    });
    pass(pair, id.dataManager, 'wl_data_device_manager.get_data_device', [id.device, id.seat]);
    pass(pair, id.seat, 'wl_seat.get_pointer', [id.pointer]);
    pass(pair, id.seat, 'wl_seat.get_keyboard', [id.keyboard]);
}

/** A toplevel with a role and a buffer, not yet committed. */
export function makeWindow(pair: Pair, poolFd: number) {
    pass(pair, id.compositor, 'wl_compositor.create_surface', [id.surface]);
    pass(pair, id.wmBase, 'xdg_wm_base.get_xdg_surface', [id.xdgSurface, id.surface]);
    pass(pair, id.xdgSurface, 'xdg_surface.get_toplevel', [id.toplevel]);
    pair.compositor.expect(id.toplevel, 'xdg_toplevel.set_app_id');
    pair.guest.send(id.shm, 'wl_shm.create_pool', [id.pool, 4096], [poolFd]);
    pair.compositor.expect(id.shm, 'wl_shm.create_pool');
    close(pair.compositor.takeFd());
    pass(pair, id.pool, 'wl_shm_pool.create_buffer', [id.buffer, 0, 16, 16, 64, 1]);
}

/** Attaches the buffer and sends the commit that maps the window. */
export function commitWindow({ guest, compositor }: Pair) {
    guest.send(id.surface, 'wl_surface.attach', [id.buffer, 0, 0]);
    guest.send(id.surface, 'wl_surface.commit');
    compositor.expect(id.surface, 'wl_surface.attach');
}
