/**
 * Input events: while input is frozen none reaches the guest, and after it a release is passed only if its press was. Enter, leave,
 * frame, modifiers and keymap always pass, so that the guest's picture of the seat stays right.
 */
import type { Handler, Half } from '../half.js';
import { proxyLimits } from '../limits.js';
import { messageNamed } from '../protocol.js';
import type { Handlers } from './index.js';

const keyboardEnter = messageNamed('wl_keyboard', 'events', 'enter').opcode;
const SERIAL = 0;
const SURFACE = 1;
const KEYS = 2;

/** What is held down, as far as the guest knows: buttons, keys, touch points or a running gesture. */
const pressedOf = ({ sender }: Half) => (sender.state ??= new Set<number>()) as Set<number>;

/** Passes unless input is frozen. */
const withheld: Handler = ({ connection: { services } }) => (services.mayInput ? 'forward' : 'discard');

/** The start of something that `key` names. */
function press(half: Half, key: number) {
    const pressed = pressedOf(half);
    if (!half.connection.services.mayInput || pressed.size >= proxyLimits.pressed) return 'discard';

    pressed.add(key);
    return 'forward';
}

/** Its end, which passes even when frozen: the guest must not think that a key is still held. */
const release = (half: Half, key: number) => (pressedOf(half).delete(key) ? 'forward' : 'discard');

/** wl_pointer.button and wl_keyboard.key: state 0 is a release; anything else (1, or 2 for a repeat) is a press. */
const buttonOrKey: Handler = half => {
    const key = half.args.uint(2);
    return half.args.uint(3) === 0 ? release(half, key) : press(half, key);
};

const clear: Handler = half => {
    pressedOf(half).clear();
    return 'forward';
};

/** Keys that are down when focus comes are input too. */
const enterKeyboard: Handler = half => {
    const { args, connection } = half;
    const pressed = pressedOf(half);
    pressed.clear();
    if (connection.services.mayInput) {
        args.forEachWord(KEYS, key => pressed.size < proxyLimits.pressed && pressed.add(key));
        return 'forward';
    }
    const { out } = connection.events;
    out.begin(half.sender.id, keyboardEnter);
    out.uint(args.uint(SERIAL));
    out.uint(args.uint(SURFACE));
    out.uint(0);
    out.finish();
    return 'handled';
};

/** A device has one gesture at a time. */
const gesture = (type: string): Handlers => ({
    [`${type}.begin`]: half => press(half, 0),
    [`${type}.end`]: half => release(half, 0),
    ...(type.includes('hold') ? {} : { [`${type}.update`]: withheld }),
});

export const inputEvents: Handlers = {
    'wl_pointer.leave': clear,
    'wl_pointer.motion': withheld,
    'wl_pointer.button': buttonOrKey,
    'wl_pointer.axis': withheld,
    'wl_pointer.axis_source': withheld,
    'wl_pointer.axis_stop': withheld,
    'wl_pointer.axis_discrete': withheld,
    'wl_pointer.axis_value120': withheld,
    'wl_pointer.axis_relative_direction': withheld,
    'wl_keyboard.enter': enterKeyboard,
    'wl_keyboard.leave': clear,
    'wl_keyboard.key': buttonOrKey,
    'wl_touch.down': half => press(half, half.args.uint(3)),
    'wl_touch.up': half => release(half, half.args.uint(2)),
    'wl_touch.motion': withheld,
    'wl_touch.shape': withheld,
    'wl_touch.orientation': withheld,
    'wl_touch.cancel': clear,
    ...gesture('zwp_pointer_gesture_swipe_v1'),
    ...gesture('zwp_pointer_gesture_pinch_v1'),
    ...gesture('zwp_pointer_gesture_hold_v1'),
};
