/**
 * Where a frame goes. It stands outside the guest's pixels where there is room and moves inwards, side by side, where
 * there is not: at the edges of the work area, and for windows larger than it. No guest pixel is shown outside it.
 * All rectangles in physical stage pixels unless said otherwise.
 */
export interface Rect {
    x: number;
    y: number;
    width: number;
    height: number;
}

export interface FrameInput {
    /** The window's geometry as the client claims it. */
    frame: Rect;
    /** What the window's actor covers: its origin is that of the actor's children. */
    buffer: Rect;
    /** The work area, or the whole monitor for fullscreen windows and popups. */
    limit: Rect;
    /** Frame width, in physical pixels. */
    width: number;
    /** The factor by which the actor scales its children: St's scale factor. */
    scale: number;
}

/** Clockwise from the top. */
export type Sides<T> = { top: T; right: T; bottom: T; left: T };

export interface FrameLayout {
    /** The outer edge of the frame, on the stage. */
    outer: Rect;
    /** Position in the actor's coordinates; the size of `outer` needs no change, as the frame undoes the actor's scale. */
    position: { x: number; y: number };
    /** What of the surfaces is shown, in the actor's coordinates. */
    clip: Rect;
    /** Sides that cover guest pixels, for lack of room. */
    inset: Sides<boolean>;
}

interface Span {
    start: number;
    end: number;
    insetStart: boolean;
    insetEnd: boolean;
}

/** One axis: grows [from, to] by `width`, but not over the limit where the window itself keeps within it or fills it. */
function span(from: number, to: number, low: number, high: number, width: number): Span {
    const filling = to - from + 2 * width > high - low;
    const insetStart = from - width < low && (filling || from >= low);
    const insetEnd = to + width > high && (filling || to <= high);
    return {
        start: insetStart ? low : from - width,
        end: insetEnd ? high : to + width,
        insetStart,
        insetEnd,
    };
}

function intersection(a: Rect, b: Rect): Rect {
    const x = Math.max(a.x, b.x);
    const y = Math.max(a.y, b.y);
    const right = Math.min(a.x + a.width, b.x + b.width);
    const bottom = Math.min(a.y + a.height, b.y + b.height);
    return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** Lays a frame out, or returns null while the window has no size yet. */
export function layoutFrame({ frame, buffer, limit, width, scale }: FrameInput): FrameLayout | null {
    if (frame.width < 1 || frame.height < 1) return null;

    const across = span(frame.x, frame.x + frame.width, limit.x, limit.x + limit.width, width);
    const down = span(frame.y, frame.y + frame.height, limit.y, limit.y + limit.height, width);
    const outer = {
        x: across.start,
        y: down.start,
        width: across.end - across.start,
        height: down.end - down.start,
    };
    const shown = intersection(frame, outer);
    return {
        outer,
        position: { x: (outer.x - buffer.x) / scale, y: (outer.y - buffer.y) / scale },
        clip: {
            x: (shown.x - buffer.x) / scale,
            y: (shown.y - buffer.y) / scale,
            width: shown.width / scale,
            height: shown.height / scale,
        },
        inset: {
            top: down.insetStart,
            right: across.insetEnd,
            bottom: down.insetEnd,
            left: across.insetStart,
        },
    };
}

/**
 * Corner radii for a frame of `width`, as CSS wants them: top left, top right, bottom right, bottom left. Round where
 * both sides are outside, and at most 3 widths: up to 3.41 the ring still covers the corner of a square guest buffer.
 */
export function cornerRadii(width: number, inset: Sides<boolean>): [number, number, number, number] {
    const radius = (...sides: boolean[]) => (sides.includes(true) ? 0 : 3 * width);
    return [
        radius(inset.top, inset.left),
        radius(inset.top, inset.right),
        radius(inset.bottom, inset.right),
        radius(inset.bottom, inset.left),
    ];
}

/** Where the label tab has room: above the frame, else below it, else nowhere. */
export function labelPlace(layout: FrameLayout, limit: Rect, height: number): 'above' | 'below' | 'hidden' {
    const { outer, inset } = layout;
    if (!inset.top && outer.y - height >= limit.y) return 'above';
    if (!inset.bottom && outer.y + outer.height + height <= limit.y + limit.height) return 'below';

    return 'hidden';
}
