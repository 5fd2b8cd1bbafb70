/**
 * One clipboard offer of the compositor and the guest's wish to read it. While the question is open the guest's descriptors are held and the
 * offer lives on at the compositor even if the guest has destroyed it; a denial closes them, and the guest reads the end.
 */
import type { Ask } from '../asks.js';
import { untrusted } from '../../shared/untrusted.js';
import { cleanText } from '../cleanText.js';
import type { Connection, Pending } from '../connection.js';
import { proxyLimits } from '../limits.js';
import type { WaylandObject } from '../objects.js';
import { messageNamed } from '../protocol.js';
import { close } from '../sys.js';

const receive = messageNamed('wl_data_offer', 'requests', 'receive').opcode;
const destroy = messageNamed('wl_data_offer', 'requests', 'destroy').opcode;
const HEADER_BYTES = 8;
/** Header, string length, the string with its end, padded. */
const encodedSize = (type: string) => HEADER_BYTES + 4 + ((Buffer.byteLength(type) + 4) & ~3);

export class Offer implements Pending {
    /** Types the guest has not been told of yet. */
    types: string[] = [];
    #typeBytes = 0;
    isSelection = false;
    /** Made by this instance's own guest: it may read it back. */
    own = false;
    #allowed = false;
    #ask: Ask | undefined;
    #held: { type: string; fd: number }[] = [];
    #destroyed = false;

    constructor(
        readonly connection: Connection,
        readonly object: WaylandObject
    ) {}

    get mayRead() {
        return this.isSelection && (this.own || this.#allowed);
    }

    /** Keeps a type until the offer is known to be the clipboard's; drops what is too much. */
    hold(type: string) {
        const size = encodedSize(type);
        if (type.length > proxyLimits.typeLength || this.#typeBytes + size > proxyLimits.offerBytes) return;

        this.#typeBytes += size;
        this.types.push(type);
    }

    /** The guest wants to read `type` into `fd`, which is ours from here on. */
    receive(type: string, fd: number) {
        const { connection } = this;
        const tooMuch =
            type.length > proxyLimits.typeLength || connection.heldReceives >= proxyLimits.heldReceives;
        if (!this.isSelection || tooMuch || !this.#askOnce(type)) return close(fd);

        connection.heldReceives++;
        this.#held.push({ type, fd });
    }

    /** The guest destroys the offer. Returns true when the compositor must not know yet. */
    destroyLater(): boolean {
        this.#destroyed = this.#ask !== undefined;
        return this.#destroyed;
    }

    cancel() {
        this.#ask?.withdraw();
        this.#finish();
    }

    #askOnce(type: string): boolean {
        if (this.#ask) return true;

        const { pending, services } = this.connection;
        if (pending.size >= proxyLimits.pendingAsks) return false;

        const detail = cleanText(untrusted(type), proxyLimits.quoteLength);
        this.#ask = services.asks.ask('clipboard-read', detail, allow => this.#settle(allow));
        if (this.#ask) pending.add(this);
        return this.#ask !== undefined;
    }

    #settle(allow: boolean) {
        const { connection, object } = this;
        const { out } = connection.requests;
        this.#allowed = allow;
        const size = this.#held.reduce((sum, { type }) => sum + encodedSize(type), HEADER_BYTES);
        if (allow && out.hasReserve(size)) {
            for (const { type, fd } of this.#held.splice(0)) {
                connection.heldReceives--;
                out.begin(object.id, receive);
                out.string(type);
                out.finish();
                out.pushFd(fd);
            }
        }
        this.#finish();
        if (this.#destroyed && out.hasReserve(HEADER_BYTES)) {
            out.begin(object.id, destroy);
            out.finish();
        }
        connection.resume();
    }

    /** Nothing is open any more; what is still held is closed. */
    #finish() {
        this.#ask = undefined;
        this.connection.pending.delete(this);
        for (const { fd } of this.#held.splice(0)) {
            this.connection.heldReceives--;
            close(fd);
        }
    }
}
