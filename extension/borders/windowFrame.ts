/**
 * The frame of one window: the last child of its actor, so that it is part of every clone and animation and forbids
 * direct scan-out; and the clip of the guest's surfaces to it. Follows size, place, scale and room.
 */
import type Clutter from 'gi://Clutter';
import type Meta from 'gi://Meta';
import St from 'gi://St';

import type { EmblemIcons } from './emblem.js';
import { FrameActor } from './frameActor.js';
import { layoutFrame, type Rect } from './geometry.js';
import type { MarkStyle } from './style.js';
import { SurfaceClip } from './surfaceClip.js';

export class WindowFrame {
    readonly #metaWindow: Meta.Window;
    readonly #actor: Meta.WindowActor;
    readonly #style: MarkStyle;
    readonly #frame: FrameActor;
    readonly #clip: SurfaceClip | null;

    constructor(metaWindow: Meta.Window, actor: Meta.WindowActor, style: MarkStyle, icons: EmblemIcons) {
        this.#metaWindow = metaWindow;
        this.#actor = actor;
        this.#style = style;
        this.#frame = new FrameActor(style, icons);
        this.#clip = SurfaceClip.of(actor);
        actor.add_child(this.#frame);
        this.#connect();
        this.#sync();
    }

    /** Stops following the window and leaves the frame to die with its actor: a closing window keeps its mark. */
    release() {
        this.#disconnect();
    }

    /** Takes everything away. */
    destroy() {
        this.#disconnect();
        this.#clip?.remove();
        this.#frame.destroy();
    }

    /** Whether the tab with the domain's name may show. */
    showLabel(shown: boolean) {
        this.#frame.showLabel(shown);
    }

    #connect() {
        const sync = () => this.#sync();
        this.#metaWindow.connectObject(
            ...['size-changed', sync, 'position-changed', sync, 'notify::fullscreen', sync],
            ...['highest-scale-monitor-changed', sync],
            this
        );
        this.#actor.connectObject('notify::allocation', sync, 'child-added', () => this.#raise(), this);
        global.display.connectObject('workareas-changed', sync, this);
        St.ThemeContext.get_for_stage(this.#stage).connectObject(
            ...['notify::scale-factor', sync, 'changed', sync],
            this
        );
    }

    #disconnect() {
        this.#metaWindow.disconnectObject(this);
        this.#actor.disconnectObject(this);
        global.display.disconnectObject(this);
        St.ThemeContext.get_for_stage(this.#stage).disconnectObject(this);
    }

    /** Mutter and other extensions add children to the actor too: nothing may lie over the frame. */
    #raise() {
        if (this.#actor.get_last_child() !== this.#frame)
            this.#actor.set_child_above_sibling(this.#frame, null);
    }

    get #stage() {
        return global.stage as Clutter.Stage;
    }

    /** Menus may cover the panel, and a fullscreen window does. */
    #limit(): Rect {
        const monitor = this.#metaWindow.get_monitor();
        return this.#style.labelled && !this.#metaWindow.is_fullscreen()
            ? this.#metaWindow.get_work_area_for_monitor(monitor)
            : global.display.get_monitor_geometry(monitor);
    }

    #sync() {
        if (this.#metaWindow.get_monitor() < 0) return;

        const scale = St.ThemeContext.get_for_stage(this.#stage).scale_factor;
        const limit = this.#limit();
        const layout = layoutFrame({
            frame: this.#metaWindow.get_frame_rect(),
            buffer: this.#metaWindow.get_buffer_rect(),
            limit,
            width: this.#style.width * scale,
            scale,
        });
        if (!layout) return;

        this.#frame.shape(layout, limit, scale);
        this.#clip?.set(layout.clip);
    }
}
