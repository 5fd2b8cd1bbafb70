/** Going fullscreen is asked for. While the question is open the request is held; a later one only changes the output. */
import type { Ask } from '../asks.js';
import type { Connection, Pending } from '../connection.js';
import type { Half } from '../half.js';
import { proxyLimits } from '../limits.js';
import type { WaylandObject } from '../objects.js';
import { messageNamed } from '../protocol.js';
import type { Handlers } from './index.js';

const setFullscreen = messageNamed('xdg_toplevel', 'requests', 'set_fullscreen').opcode;

class FullscreenRequest implements Pending {
    ask: Ask | undefined;

    constructor(
        readonly connection: Connection,
        readonly toplevel: WaylandObject,
        public output: WaylandObject | undefined
    ) {}

    cancel() {
        this.connection.pending.delete(this);
        this.ask?.withdraw();
    }

    settle(allow: boolean) {
        this.connection.pending.delete(this);
        if (!allow) return;

        const { out } = this.connection.requests;
        if (!out.hasReserve(12)) return;

        out.begin(this.toplevel.id, setFullscreen);
        out.uint(this.output && !this.output.dead ? this.output.id : 0);
        out.finish();
        this.connection.resume();
    }
}

function pendingFor({ connection, sender }: Half): FullscreenRequest | undefined {
    for (const pending of connection.pending)
        if (pending instanceof FullscreenRequest && pending.toplevel === sender) return pending;

    return undefined;
}

/** The window goes away or no longer wants to be fullscreen. */
export const withdrawFullscreen = (half: Half) => pendingFor(half)?.cancel();

export const fullscreenRequests: Handlers = {
    'xdg_toplevel.set_fullscreen': half => {
        const { connection, sender, args } = half;
        const output = args.object(0);
        const pending = pendingFor(half);
        if (pending) {
            pending.output = output;
            return 'discard';
        }
        if (connection.pending.size >= proxyLimits.pendingAsks) return 'discard';

        const request = new FullscreenRequest(connection, sender, output);
        request.ask = connection.services.asks.ask('fullscreen', '', allow => request.settle(allow));
        if (request.ask) connection.pending.add(request);
        return 'discard';
    },

    'xdg_toplevel.unset_fullscreen': half => {
        withdrawFullscreen(half);
        return 'forward';
    },
};
