/**
 * The objects of one connection: which ids are in use, with which interface and version. The same ids are used
 * on both sides of the proxy. Bounded; a guest cannot take an id that is in use or out of its range.
 */
import { proxyLimits } from './limits.js';
import { interfaceNamed, type Interface } from './protocol.js';
import { errorCode, Violation } from './violation.js';

/** Ids from here on are made by the compositor (wayland book, "Creating objects"). */
export const serverIds = 0xff000000;
export const displayId = 1;

export class WaylandObject {
    /** Destroyed, but its id is not free yet: events may be on their way to it, requests may not. */
    dead = false;
    /** What the handlers of its interface keep. */
    state: object | undefined = undefined;

    constructor(
        readonly id: number,
        readonly type: Interface,
        readonly version: number
    ) {}
}

export class Objects {
    readonly display = new WaylandObject(displayId, interfaceNamed('wl_display'), 1);
    readonly #client: (WaylandObject | undefined)[] = [undefined, this.display];
    readonly #server: (WaylandObject | undefined)[] = [];

    /** The object with this id, dead ones included. */
    get(id: number): WaylandObject | undefined {
        return id < serverIds ? this.#client[id] : this.#server[id - serverIds];
    }

    /** Throws unless the sender may make an object with this id now. */
    checkFree(id: number, fromGuest: boolean) {
        if (fromGuest !== id < serverIds || id === 0)
            throw new Violation(errorCode.invalidObject, 'new id is out of range');

        const limit = fromGuest ? proxyLimits.clientObjects : serverIds + proxyLimits.serverObjects;
        if (id >= limit) throw new Violation(errorCode.noMemory, 'too many objects');

        // A server id is free for the compositor as soon as it has seen the destroy request: there is no delete_id.
        const taken = this.get(id);
        if (taken && (fromGuest || !taken.dead))
            throw new Violation(errorCode.invalidObject, 'new id is in use');
    }

    /** Adds an object whose id was checked. */
    add(id: number, type: Interface, version: number): WaylandObject {
        const object = new WaylandObject(id, type, Math.min(version, type.version));
        if (id < serverIds) this.#client[id] = object;
        else this.#server[id - serverIds] = object;
        return object;
    }

    /** The compositor said that the id is free again. */
    delete(id: number) {
        if (id < serverIds) this.#client[id] = undefined;
    }
}
