/**
 * Decides one permission question. The policy, in this order:
 *  1. Reading the clipboard that an instance of the same domain owns needs no question.
 *  2. A remembered `allow` or `deny` holds; a remembered word that we do not know is a denial.
 *  3. What was granted `while-running` holds until the instance has ended.
 *  4. Else the person is asked: once | while-running | always grant, only `always` is stored, a denial never is.
 * Too many questions at once, an error anywhere, an answer that we do not know: denied.
 */
import { z } from 'zod';
import type { InstanceSpec } from '../instances/types.js';
import { describeError } from '../shared/errors.js';
import { limits } from '../shared/limits.js';
import type { ProxyResource } from '../wayland-proxy/control.js';
import type { AuditLog } from './audit.js';
import type { PermissionStore } from './permissionStore.js';

const decisionSchema = z.enum(['once', 'while-running', 'always', 'deny']);
export type Decision = z.infer<typeof decisionSchema>;

interface Verdict {
    allow: boolean;
    /** How it came about, for the audit log. */
    why: string;
}

export interface BrokerParts {
    store: Pick<PermissionStore, 'get' | 'allow'>;
    audit: Pick<AuditLog, 'write'>;
    /** Shows the prompt. Rejects when it cannot be shown. The answer is whatever came over the bus. */
    prompt(instance: string, resource: string, detail: string): Promise<unknown>;
}

export class PermissionBroker {
    readonly #parts: BrokerParts;
    readonly #whileRunning = new Map<string, Set<string>>();
    readonly #pending = new Map<string, number>();
    /** Who owns the clipboard; undefined: a window of the host. */
    #clipboardOwner: InstanceSpec | undefined;

    constructor(parts: BrokerParts) {
        this.#parts = parts;
    }

    /** Resolves false on any doubt, and as soon as `signal` says that the asker is gone. */
    async ask(
        spec: InstanceSpec,
        resource: ProxyResource,
        detail: string,
        signal: AbortSignal
    ): Promise<boolean> {
        const gone = new Promise<Verdict>(resolve => {
            const withdrawn = () => resolve({ allow: false, why: 'withdrawn' });
            if (signal.aborted) withdrawn();
            else signal.addEventListener('abort', withdrawn, { once: true });
        });
        try {
            const decided = this.#decide(spec, resource, detail);
            decided.catch(() => undefined);
            const { allow, why } = await Promise.race([gone, decided]);
            const decision = allow ? 'allow' : 'deny';
            this.#parts.audit.write({ instance: spec.id, event: 'permission', resource, decision, why });
            return allow;
        } catch (error) {
            console.error(`Denied ${resource} to ${spec.id}: ${describeError(error)}`);
            return false;
        }
    }

    /** The instance took or lost the clipboard. */
    clipboardOwner(spec: InstanceSpec, owner: boolean) {
        if (owner) this.#clipboardOwner = spec;
        else if (this.#clipboardOwner?.id === spec.id) this.#clipboardOwner = undefined;
    }

    /** The instance has ended: what held while it ran holds no longer. */
    ended(spec: InstanceSpec) {
        this.#whileRunning.delete(spec.id);
        this.clipboardOwner(spec, false);
    }

    async #decide(spec: InstanceSpec, resource: ProxyResource, detail: string): Promise<Verdict> {
        if (resource === 'clipboard-read' && this.#clipboardOwner?.domain.id === spec.domain.id)
            return { allow: true, why: 'same domain' };

        const remembered = (await this.#parts.store.get(spec.id, resource)) ?? 'ask';
        if (remembered !== 'ask') return { allow: remembered === 'allow', why: 'remembered' };
        if (this.#whileRunning.get(spec.id)?.has(resource)) return { allow: true, why: 'while running' };

        const waiting = this.#pending.get(spec.id) ?? 0;
        if (waiting >= limits.pendingPrompts) return { allow: false, why: 'too many questions' };

        this.#pending.set(spec.id, waiting + 1);
        try {
            return await this.#prompt(spec, resource, detail);
        } finally {
            this.#pending.set(spec.id, this.#pending.get(spec.id)! - 1);
        }
    }

    async #prompt(spec: InstanceSpec, resource: ProxyResource, detail: string): Promise<Verdict> {
        const answer = decisionSchema
            .catch('deny')
            .parse(await this.#parts.prompt(spec.id, resource, detail));
        if (answer === 'while-running') {
            const granted = this.#whileRunning.get(spec.id) ?? new Set();
            this.#whileRunning.set(spec.id, granted.add(resource));
        }
        if (answer === 'always') {
            await this.#parts.store
                .allow(spec.id, resource)
                .catch((error: unknown) => console.error(`Not remembered: ${describeError(error)}`));
        }

        return { allow: answer !== 'deny', why: `asked: ${answer}` };
    }
}
