/**
 * The one rule that says whose window it is. An instance's window needs both facts to agree: the pid that connected is
 * registered and still the same process, and the sandbox id that Mutter read from its root is that instance's. One fact
 * without the other is `unverified`, never `host`.
 */
import { sandboxPrefix, type Registration } from './registration.js';
import type { Registry } from './registry.js';

export type Verdict =
    | { readonly kind: 'host' }
    | { readonly kind: 'unverified' }
    | { readonly kind: 'instance'; readonly registration: Registration };

/** What the compositor knows of a window's client; no word of the guest is among it. */
export interface Evidence {
    pid: number;
    sandboxId: string | null;
}

/** The verdict on one window. */
export function judge(evidence: Evidence, registry: Registry): Verdict {
    const registration = registry.byPid(evidence.pid);
    if (!registration) return { kind: evidence.sandboxId?.startsWith(sandboxPrefix) ? 'unverified' : 'host' };

    const agree = evidence.sandboxId === registration.desktopId && registry.isAlive(registration);
    return agree ? { kind: 'instance', registration } : { kind: 'unverified' };
}
