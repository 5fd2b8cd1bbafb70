/**
 * The clipboard: a guest may own it; reading what another program put there is asked for, once per offer. Drag and drop is denied.
 *
 * Whose an offer is cannot be seen on the wire, and a set_selection that the compositor ignored (a stale serial) looks like
 * one that it took. So every source of a guest carries one more type, `services.ownType`, a random name that only this
 * process knows; an offer with it is the guest's own. Types of that kind are hidden from guests, both ways. Nothing else opens an
 * offer unasked: that a guest of the same domain claims to have made it is a claim like any other.
 */
import type { Half } from '../half.js';
import { proxyLimits } from '../limits.js';
import type { WaylandObject } from '../objects.js';
import { messageNamed } from '../protocol.js';
import { Offer } from './offer.js';
import type { Handlers } from './index.js';

/** The beginning of every proxy's own type. */
export const ownTypePrefix = 'application/x-bulkhead-';

const offerEvent = messageNamed('wl_data_offer', 'events', 'offer').opcode;
const offerRequest = messageNamed('wl_data_source', 'requests', 'offer').opcode;
const cancelled = messageNamed('wl_data_source', 'events', 'cancelled').opcode;

class Source {
    marked = false;
}

const sourceOf = (object: WaylandObject) => (object.state ??= new Source()) as Source;
const offerOf = (object: WaylandObject) => object.state as Offer;

const discard = () => 'discard' as const;

/** Puts our own type among those of a source, before it can become the clipboard. */
function mark(half: Half, source: WaylandObject) {
    const state = sourceOf(source);
    if (state.marked) return;

    state.marked = true;
    const { out } = half.connection.requests;
    out.begin(source.id, offerRequest);
    out.string(half.connection.services.ownType);
    out.finish();
}

/** The types of an offer are held back until it is known to be the clipboard's: a drag that passes by tells nothing. */
function reveal(half: Half, object: WaylandObject) {
    const offer = offerOf(object);
    const { out } = half.connection.events;
    for (const type of offer.types) {
        out.begin(object.id, offerEvent);
        out.string(type);
        out.finish();
    }
    offer.types = [];
    offer.isSelection = true;
}

export const clipboardEvents: Handlers = {
    'wl_data_device.data_offer': ({ connection, created }) => {
        created!.state = new Offer(connection, created!);
        return 'forward';
    },

    'wl_data_offer.offer': ({ args, sender, connection: { services } }) => {
        const type = args.string(0);
        const offer = offerOf(sender);
        if (type === services.ownType) offer.own = true;
        if (type.startsWith(ownTypePrefix) || sender.dead) return 'discard';
        if (offer.isSelection) return 'forward';

        offer.hold(type);
        return 'discard';
    },

    'wl_data_device.selection': half => {
        const offer = half.args.object(0);
        if (offer && !offer.dead) reveal(half, offer);
        return 'forward';
    },

    'wl_data_offer.source_actions': discard,
    'wl_data_offer.action': discard,
    'wl_data_device.enter': discard,
    'wl_data_device.leave': discard,
    'wl_data_device.motion': discard,
    'wl_data_device.drop': discard,

    'wl_data_source.send': ({ args }) => (args.string(0).startsWith(ownTypePrefix) ? 'discard' : 'forward'),
};

export const clipboardRequests: Handlers = {
    'wl_data_source.offer': ({ args }) => {
        const type = args.string(0);
        return type.startsWith(ownTypePrefix) || type.length > proxyLimits.typeLength ? 'discard' : 'forward';
    },

    'wl_data_device.set_selection': half => {
        const source = half.args.object(0);
        if (source) mark(half, source);
        return 'forward';
    },

    'wl_data_device.start_drag': ({ args, connection }) => {
        const source = args.object(0);
        if (source) connection.tellGuest(source.id, cancelled);
        return 'discard';
    },

    'wl_data_offer.receive': half => {
        const { args, sender } = half;
        const offer = offerOf(sender);
        if (offer.mayRead) return 'forward';

        offer.receive(args.string(0), half.in.fds.take());
        return 'handled';
    },

    'wl_data_offer.destroy': ({ sender }) => (offerOf(sender).destroyLater() ? 'handled' : 'forward'),
};
