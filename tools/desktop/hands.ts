/** A person's hands: virtual keyboard and pointer inside the shell. Keys are named as in Clutter (KEY_Return → 'Return'). */
import type { ShellConnection } from './shell.js';

const devices = `
    const seat = global.stage.context?.get_backend?.().get_default_seat() ?? Clutter.get_default_backend().get_default_seat();
    globalThis.bulkheadHands ??= {
        keyboard: seat.create_virtual_device(Clutter.InputDeviceType.KEYBOARD_DEVICE),
        pointer: seat.create_virtual_device(Clutter.InputDeviceType.POINTER_DEVICE),
    };
    const {keyboard, pointer} = globalThis.bulkheadHands;
    const now = () => GLib.get_monotonic_time();
    const pause = ms => new Promise(resolve => GLib.timeout_add(GLib.PRIORITY_DEFAULT, ms, () => { resolve(); return false; }));
`;

/** A human's pause between two events, in ms: without one, the shell's own key handling may merge them. */
const humanPause = 15;

/** An expression in the shell: the first actor of that name on screen. */
export const named = (name: string) => `(function find(actor) {
    return (actor.name === '${name}' && actor.visible && actor.mapped) ? [actor] : actor.get_children().flatMap(find);
})(global.stage)[0]`;

/** Statements in the shell: `actor` and `window`, the topmost normal window of the instance. */
export const windowOf = (instance: string) => `
    const actor = global.get_window_actors().findLast(a => a.meta_window.get_window_type() === 0
        && a.meta_window.get_sandboxed_app_id() === 'org.bulkhead.Instance.${instance}');
    if (!actor) throw new Error('${instance} has no window');
    const window = actor.meta_window;`;

export class Hands {
    readonly #shell: ShellConnection;

    constructor(shell: ShellConnection) {
        this.#shell = shell;
    }

    /** Plugs keyboard and pointer in. A headless seat has none, and a client takes a while to see a new one. */
    async plugIn() {
        await this.#shell.eval(devices);
    }

    /** Presses the keys in order and releases them in reverse: keys('Control_L', 'v'). Returns the ms since the epoch of the press. */
    keys(...names: string[]) {
        return this.#shell.eval<number>(`${devices}
            const keys = ${JSON.stringify(names)}.map(name => Clutter['KEY_' + name]);
            const at = Date.now();
            for (const key of keys) { keyboard.notify_keyval(now(), key, Clutter.KeyState.PRESSED); await pause(${humanPause}); }
            for (const key of keys.reverse()) { keyboard.notify_keyval(now(), key, Clutter.KeyState.RELEASED); await pause(${humanPause}); }
            return at;`);
    }

    /** Types text, a key at a time. */
    async type(text: string) {
        await this.#shell.eval(`${devices}
            for (const c of ${JSON.stringify(text)}) {
                const key = Clutter.unicode_to_keysym(c.codePointAt(0));
                keyboard.notify_keyval(now(), key, Clutter.KeyState.PRESSED);
                await pause(${humanPause});
                keyboard.notify_keyval(now(), key, Clutter.KeyState.RELEASED);
                await pause(${humanPause});
            }`);
    }

    async click(x: number, y: number) {
        await this.#shell.eval(`${devices}
            pointer.notify_absolute_motion(now(), ${x}, ${y});
            await pause(${humanPause * 2});
            pointer.notify_button(now(), Clutter.BUTTON_PRIMARY, Clutter.ButtonState.PRESSED);
            await pause(${humanPause * 2});
            pointer.notify_button(now(), Clutter.BUTTON_PRIMARY, Clutter.ButtonState.RELEASED);
            await pause(${humanPause});`);
    }

    /** Clicks the middle of the first actor that `actor`, an expression in the shell, finds, once it is there and takes clicks. */
    async clickActor(what: string, actor: string) {
        const [x, y] = await this.#shell.until<[number, number]>(
            `${what} to accept clicks`,
            `const actor = ${actor};
             if (!actor?.mapped || !actor.reactive) return null;
             const [left, top] = actor.get_transformed_position();
             return [left + actor.width / 2, top + actor.height / 2];`
        );
        await this.click(x, y);
    }

    /** Brings the instance's topmost window to the front, and waits until it has the focus. */
    async focus(instance: string) {
        await this.#shell.eval(`${windowOf(instance)} window.activate(global.get_current_time());`);
        await this.#shell.until(
            `${instance} to have the focus`,
            `${windowOf(instance)} return window.has_focus();`
        );
    }

    /** Opens Activities if it is not open, and waits until it has settled. */
    async openActivities() {
        if (!(await this.#shell.eval<boolean>('return Main.overview.visible'))) await this.keys('Super_L');
        await this.#shell.until(
            'Activities to open',
            'return Main.overview.visible && !Main.overview.animationInProgress'
        );
    }

    async closeActivities() {
        await this.#shell.eval('Main.overview.hide()');
        await this.#shell.until(
            'Activities to close',
            'return !Main.overview.visible && !Main.overview.animationInProgress'
        );
    }

    /** Opens Activities, types the name and waits until the search shows an app of exactly that name first. */
    async searchApp(name: string) {
        await this.openActivities();
        await this.type(name);
        await this.#shell.until(
            `Activities to find “${name}”`,
            `const first = Main.overview.searchController._searchResults._defaultResult;
             return (first?.app?.get_name() ?? first?.metaInfo?.name) === ${JSON.stringify(name)};`
        );
    }

    /** Finds the app in Activities and starts it with Enter. Returns the ms since the epoch of the Enter. */
    async launch(name: string) {
        await this.searchApp(name);
        return this.keys('Return');
    }
}
