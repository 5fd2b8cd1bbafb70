import '@girs/gjs';
import '@girs/gjs/dom';
import '@girs/gnome-shell/ambient';
import '@girs/gnome-shell/extensions/global';

/** What the shell adds to every GObject (js/misc/signalTracker.js) and gjs to it; the types of 45 do not know it. */
declare module '@girs/gobject-2.0' {
    namespace GObject {
        interface Object {
            /** Signal names and handlers in turn, then the object whose disconnectObject() ends them. */
            connectObject(...args: unknown[]): void;
            disconnectObject(owner: object): void;
        }
    }
}
