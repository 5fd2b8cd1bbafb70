/** All frames there are: one for each window that is not the host's. */
import type Meta from 'gi://Meta';

import { gettext as _ } from 'resource:///org/gnome/shell/extensions/extension.js';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

import type { Verdict } from '../attribution/verdict.js';
import { actorOf } from '../compat.js';
import type { EmblemIcons } from './emblem.js';
import { domainStyle, unverifiedStyle, type MarkStyle } from './style.js';
import { isPopup } from './windowKind.js';
import { WindowFrame } from './windowFrame.js';

/** How a verdict is shown; null for the host's windows, which stay plain. */
export function styleOf(verdict: Verdict, popup: boolean): MarkStyle | null {
    if (verdict.kind === 'host') return null;

    return verdict.kind === 'instance'
        ? domainStyle(verdict.registration.domain, popup)
        : unverifiedStyle(_('Unverified'));
}

export class Frames {
    readonly #icons: EmblemIcons;
    readonly #frames = new Map<Meta.Window, WindowFrame>();

    constructor(icons: EmblemIcons) {
        this.#icons = icons;
    }

    /** In the overview the previews carry larger labels (patches/previewLabels.ts): the frames' own would collide with them. */
    start() {
        Main.overview.connectObject(
            ...['showing', () => this.#showLabels(false)],
            ...['hidden', () => this.#showLabels(true)],
            this
        );
    }

    /** Gives the window the frame of its verdict, in place of any it had. */
    mark(metaWindow: Meta.Window, verdict: Verdict) {
        const style = styleOf(verdict, isPopup(metaWindow));
        const actor = actorOf(metaWindow);
        if (!style || !actor) return;

        this.#frames.get(metaWindow)?.destroy();
        this.#frames.set(metaWindow, new WindowFrame(metaWindow, actor, style, this.#icons));
        this.#showLabels(!Main.overview.visible);
        metaWindow.disconnectObject(this);
        // Not `unmanaged`: the actor of a window that closes without an animation is gone by then.
        metaWindow.connectObject('unmanaging', () => this.#release(metaWindow), this);
    }

    /** Takes all frames away. */
    stop() {
        Main.overview.disconnectObject(this);
        for (const [metaWindow, frame] of this.#frames) {
            metaWindow.disconnectObject(this);
            frame.destroy();
        }
        this.#frames.clear();
    }

    #showLabels(shown: boolean) {
        for (const frame of this.#frames.values()) frame.showLabel(shown);
    }

    #release(metaWindow: Meta.Window) {
        metaWindow.disconnectObject(this);
        this.#frames.get(metaWindow)?.release();
        this.#frames.delete(metaWindow);
    }
}
