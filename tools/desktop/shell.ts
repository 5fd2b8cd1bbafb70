/** A connection to a running GNOME Shell in unsafe mode: evaluates code inside it, waits for conditions, takes pictures. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Message, type MessageBus } from '@jellybrick/dbus-next';
import { until } from './wait.js';

/** Everything evaluated in the shell may use these names. */
const prelude = `
const [Main, {default: GLib}, {default: Gio}, {default: Shell}, {default: Clutter}, {default: Meta}, {default: St}] = await Promise.all([
    import('resource:///org/gnome/shell/ui/main.js'), import('gi://GLib'), import('gi://Gio'), import('gi://Shell'),
    import('gi://Clutter'), import('gi://Meta'), import('gi://St')]);
`;

export class ShellConnection {
    readonly #bus: MessageBus;

    constructor(bus: MessageBus) {
        this.#bus = bus;
    }

    async #call(path: string, iface: string, member: string, signature = '', body: unknown[] = []) {
        const reply = await this.#bus.call(
            new Message({
                destination: 'org.gnome.Shell',
                path,
                interface: iface,
                member,
                signature,
                body,
            })
        );
        return reply?.body ?? [];
    }

    /** Runs the body of an async function in the shell and returns its JSON value. Throws what it threws. */
    async eval<T = unknown>(body: string): Promise<T> {
        const code = `(async () => {
            try { ${prelude} return {value: await (async () => { ${body} })()}; }
            catch (e) { return {error: String(e) + '\\n' + (e.stack ?? '')}; }
        })()`;
        const [ok, text] = await this.#call('/org/gnome/Shell', 'org.gnome.Shell', 'Eval', 's', [code]);
        if (!ok) throw new Error(`the shell refused to evaluate: ${String(text)}`);

        const { value, error } = JSON.parse(String(text) || '{}') as { value?: T; error?: string };
        if (error !== undefined) throw new Error(`in the shell: ${error}`);
        return value as T;
    }

    /** Waits until the body's value is truthy, and returns it. `what` names the condition in the error. */
    until<T = unknown>(what: string, body: string, deadline?: number) {
        return until(what, () => this.eval<T>(body), deadline);
    }

    /** Writes what a person sees to a PNG, after the shell has drawn everything that is pending. */
    async screenshot(path: string) {
        await mkdir(dirname(path), { recursive: true });
        await this.eval(`
            await new Promise(resolve => {
                global.stage.queue_redraw();
                const id = global.stage.connect('after-paint', () => { global.stage.disconnect(id); resolve(); });
            });
            const stream = Gio.File.new_for_path(${JSON.stringify(path)}).replace(null, false, 0, null);
            await new Promise((resolve, reject) => new Shell.Screenshot().screenshot(false, stream, (shot, result) => {
                try { resolve(shot.screenshot_finish(result)); } catch (e) { reject(e); }
            }));
            stream.close(null);`);
        return path;
    }

    /** Resolves when nothing was drawn for `quiet` ms: what is to be seen is there. Throws after `deadline` ms. */
    async settled(quiet = 400, deadline = 20_000) {
        await this.eval(`
            await new Promise((resolve, reject) => {
                let timer = 0;
                const finish = action => {
                    GLib.source_remove(timer);
                    GLib.source_remove(limit);
                    global.stage.disconnect(painted);
                    action();
                };
                const wait = () => { timer = GLib.timeout_add(GLib.PRIORITY_DEFAULT, ${quiet}, () => { finish(resolve); return true; }); };
                const limit = GLib.timeout_add(GLib.PRIORITY_DEFAULT, ${deadline},
                    () => { finish(() => reject(new Error('waited ${deadline / 1000} s in vain for the screen to settle'))); return true; });
                const painted = global.stage.connect('after-paint', () => { GLib.source_remove(timer); wait(); });
                wait();
            });`);
    }

    /** Windows that show something, as the shell sees them: Mutter has a window from its role on, before its first buffer. */
    windows() {
        return this.eval<ShellWindow[]>(`
            const tracker = Shell.WindowTracker.get_default();
            const shown = actor => actor.visible && actor.meta_window.get_frame_rect().width > 0;
            return global.get_window_actors().filter(shown).map(actor => {
                const w = actor.meta_window, r = w.get_frame_rect();
                return {id: w.get_id(), title: w.get_title(), wmClass: w.get_wm_class(), pid: w.get_pid(),
                    sandboxId: w.get_sandboxed_app_id(), type: w.get_window_type(), frame: [r.x, r.y, r.width, r.height],
                    app: tracker.get_window_app(w)?.get_id() ?? null, appName: tracker.get_window_app(w)?.get_name() ?? null,
                    focused: w.has_focus(), fullscreen: w.is_fullscreen()};
            });`);
    }
}

export interface ShellWindow {
    id: number;
    title: string | null;
    wmClass: string | null;
    pid: number;
    sandboxId: string | null;
    /** Meta.WindowType; 0 is NORMAL, 9 DROPDOWN_MENU. */
    type: number;
    /** x, y, width, height in stage pixels. */
    frame: [number, number, number, number];
    app: string | null;
    appName: string | null;
    focused: boolean;
    fullscreen: boolean;
}
