/**
 * Keeps a guest's pixels, and the input they take, inside the frame: geometry is a claim of the client, and its buffers
 * can outgrow it without a word. Clips the private container of all its surfaces (GNOME.md 0.2, 2.2).
 */
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';

import { surfaceContainerOf } from '../compat.js';
import type { Rect } from './geometry.js';

/**
 * Does nothing, but its presence stops Mutter from culling what lies below by the guest's opaque region, which ignores
 * the clip and would leave black. Costs repaint time, so it is there only while a surface exceeds the clip.
 */
class KeepBelow extends Clutter.Effect {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadKeepBelow' }, this);
    }
}

const effectName = 'bulkhead-keep-below';

const exceeds = (surface: Clutter.Actor, clip: Rect) =>
    surface.x < clip.x ||
    surface.y < clip.y ||
    surface.x + surface.width > clip.x + clip.width ||
    surface.y + surface.height > clip.y + clip.height;

export class SurfaceClip {
    readonly #container: Clutter.Actor;
    #clip: Rect = { x: 0, y: 0, width: 0, height: 0 };

    /** Null for actors that hold no Wayland surfaces. */
    static of(windowActor: Clutter.Actor): SurfaceClip | null {
        const container = surfaceContainerOf(windowActor);
        return container ? new SurfaceClip(container) : null;
    }

    private constructor(container: Clutter.Actor) {
        this.#container = container;
        container.connectObject(
            'child-added',
            (_container: Clutter.Actor, surface: Clutter.Actor) => this.#watch(surface),
            'child-removed',
            (_container: Clutter.Actor, surface: Clutter.Actor) => surface.disconnectObject(this),
            this
        );
        for (const surface of container.get_children()) this.#watch(surface);
    }

    /** Shows only what is inside `clip` (in the window actor's coordinates). */
    set(clip: Rect) {
        this.#clip = clip;
        this.#container.set_clip(clip.x, clip.y, clip.width, clip.height);
        this.#syncEffect();
    }

    /** Leaves the container as it was found. */
    remove() {
        this.#container.disconnectObject(this);
        for (const surface of this.#container.get_children()) surface.disconnectObject(this);
        this.#container.remove_effect_by_name(effectName);
        this.#container.remove_clip();
    }

    #watch(surface: Clutter.Actor) {
        surface.connectObject('notify::allocation', () => this.#syncEffect(), this);
    }

    #syncEffect() {
        const needed = this.#container.get_children().some(surface => exceeds(surface, this.#clip));
        const present = this.#container.get_effect(effectName) !== null;
        if (needed && !present) this.#container.add_effect_with_name(effectName, new KeepBelow());
        else if (!needed && present) this.#container.remove_effect_by_name(effectName);
    }
}
