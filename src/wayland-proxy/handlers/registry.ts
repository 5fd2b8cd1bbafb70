/** wl_registry: only allowed globals are seen, at capped versions, and only what was seen can be bound (policy.ts). */
import { proxyLimits } from '../limits.js';
import { allowedGlobals } from '../policy.js';
import { interfaces } from '../protocol.js';
import { errorCode, Violation } from '../violation.js';
import type { Handlers } from './index.js';

const ceilings = new Map(
    Object.entries(allowedGlobals).map(([name, version]) => [
        name,
        Math.min(version, interfaces.get(name)?.version ?? 0),
    ])
);

export const registryEvents: Handlers = {
    'wl_registry.global': ({ args, connection: { globals } }) => {
        const type = args.string(1);
        const ceiling = ceilings.get(type) ?? 0;
        const version = Math.min(ceiling, args.uint(2));
        if (version === 0) return 'discard';
        if (globals.size >= proxyLimits.globals) throw new Violation(errorCode.noMemory, 'too many globals');

        globals.set(args.uint(0), { type, version });
        args.setUint(2, version);
        return 'forward';
    },

    // The entry stays: a bind that crosses the removal on the wire is not the guest's fault, and the compositor knows.
    'wl_registry.global_remove': ({ args, connection: { globals } }) =>
        globals.has(args.uint(0)) ? 'forward' : 'discard',
};

export const registryRequests: Handlers = {
    'wl_registry.bind': ({ args, objects, connection: { globals } }) => {
        const offered = globals.get(args.uint(0));
        const version = args.uint(2);
        if (!offered || args.string(1) !== offered.type || version === 0 || version > offered.version)
            throw new Violation(errorCode.invalidObject, 'bound a global that was not offered');

        objects.add(args.uint(3), interfaces.get(offered.type)!, version);
        return 'forward';
    },
};
