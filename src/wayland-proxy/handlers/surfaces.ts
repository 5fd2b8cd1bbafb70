/**
 * wl_surface and its window roles: which surface is mapped, and that none becomes a toplevel or popup on the screen while nobody
 * could mark it (DESIGN.md, fail closed). Every way to map goes through wl_surface.commit with a buffer.
 */
import { proxyLimits } from '../limits.js';
import type { WaylandObject } from '../objects.js';
import { withdrawFullscreen } from './fullscreen.js';
import type { Handlers } from './index.js';
import { announceIdentity } from './toplevel.js';

class Surface {
    role: 'none' | 'toplevel' | 'popup' = 'none';
    /** What the next commit attaches: a buffer, null for none, undefined for no change. */
    attached: WaylandObject | null | undefined = undefined;
    hasBuffer = false;
    mapped = false;
}

/** A surface's state, made when it is first needed. */
const surfaceOf = (object: WaylandObject) => (object.state ??= new Surface()) as Surface;

/** The state of xdg_surface, xdg_toplevel and xdg_popup is the surface they are about. */
const roleSurface = (object: WaylandObject) => object.state as Surface;

function takeRole(role: 'toplevel' | 'popup', xdgSurface: WaylandObject, created: WaylandObject) {
    const surface = roleSurface(xdgSurface);
    surface.role = role;
    created.state = surface;
}

function dropRole(surface: Surface) {
    surface.role = 'none';
    surface.mapped = false;
}

/** A window's size and position claim, in surface units. The clamp to the surface tree belongs here (issue 3). */
const clampSize = (value: number) => Math.min(Math.max(value, 1), proxyLimits.windowSize);
const clampPosition = (value: number) =>
    Math.min(Math.max(value, -proxyLimits.windowSize), proxyLimits.windowSize);

export const surfaceRequests: Handlers = {
    'wl_surface.attach': ({ sender, args }) => {
        surfaceOf(sender).attached = args.object(0) ?? null;
        return 'forward';
    },

    'wl_surface.commit': ({ sender, connection: { services } }) => {
        const surface = surfaceOf(sender);
        // A buffer destroyed before the commit attaches nothing: it must not pass for a window that is shown already.
        const { attached } = surface;
        const hasBuffer = attached === undefined ? surface.hasBuffer : attached !== null && !attached.dead;
        const maps = hasBuffer && !surface.mapped && surface.role !== 'none';
        if (maps && !services.mayMap) return 'park';

        surface.attached = undefined;
        surface.hasBuffer = hasBuffer;
        surface.mapped = hasBuffer && surface.role !== 'none';
        if (maps && surface.role === 'toplevel') services.mapped();
        return 'forward';
    },

    'xdg_wm_base.get_xdg_surface': ({ args, created }) => {
        created!.state = surfaceOf(args.object(1)!);
        return 'forward';
    },

    'xdg_surface.get_popup': ({ sender, created }) => {
        takeRole('popup', sender, created!);
        return 'forward';
    },

    'xdg_surface.get_toplevel': half => {
        takeRole('toplevel', half.sender, half.created!);
        half.forward();
        announceIdentity(half);
        return 'handled';
    },

    'xdg_surface.set_window_geometry': ({ args }) => {
        args.setUint(0, clampPosition(args.int(0)));
        args.setUint(1, clampPosition(args.int(1)));
        args.setUint(2, clampSize(args.int(2)));
        args.setUint(3, clampSize(args.int(3)));
        return 'forward';
    },

    'xdg_popup.destroy': ({ sender }) => {
        dropRole(roleSurface(sender));
        return 'forward';
    },

    'xdg_toplevel.destroy': half => {
        dropRole(roleSurface(half.sender));
        withdrawFullscreen(half);
        return 'forward';
    },
};
