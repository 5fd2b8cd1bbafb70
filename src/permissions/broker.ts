/**
 * Decides one permission question. The policy, in this order:
 *  1. A remembered `allow` or `deny` holds; a remembered word that we do not know is a denial.
 *  2. What was granted `while-running` holds until the instance has ended.
 *  3. Else the person is asked: once | while-running | always grant, only `always` is stored, a denial never is.
 * Too many questions at once, an error anywhere, an answer that we do not know: denied. A question that was withdrawn,
 * or whose instance has ended, is denied at once; an answer to it grants and stores nothing.
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
    /**
     * Shows the prompt, and closes it when `signal` aborts. Rejects when it cannot be shown. The answer is whatever came
     * over the bus.
     */
    prompt(instance: string, resource: string, detail: string, signal: AbortSignal): Promise<unknown>;
}

const withdrawn: Verdict = { allow: false, why: 'withdrawn' };

/** What is known of an instance as long as it runs. */
class Running {
    readonly granted = new Set<ProxyResource>();
    /** Prompts that wait for the person. */
    waiting = 0;
    /** One for each open question: aborts when nobody waits for its answer any more. */
    readonly questions = new Set<AbortController>();
}

interface Question {
    spec: InstanceSpec;
    running: Running;
    resource: ProxyResource;
    detail: string;
    over: AbortSignal;
}

export class PermissionBroker {
    readonly #parts: BrokerParts;
    readonly #running = new Map<string, Running>();

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
        const running = this.#of(spec);
        const over = new AbortController();
        running.questions.add(over);
        signal.addEventListener('abort', () => over.abort(), { once: true });
        if (signal.aborted) over.abort();
        try {
            const decided = this.#decide({ spec, running, resource, detail, over: over.signal });
            decided.catch(() => undefined);
            const { allow, why } = await Promise.race([aborted(over.signal), decided]);
            const decision = allow ? 'allow' : 'deny';
            this.#parts.audit.write({ instance: spec.id, event: 'permission', resource, decision, why });
            return allow;
        } catch (error) {
            console.error(`Denied ${resource} to ${spec.id}: ${describeError(error)}`);
            return false;
        } finally {
            running.questions.delete(over);
        }
    }

    /** The instance has ended: what held while it ran holds no longer, and nobody waits for an answer. */
    ended(spec: InstanceSpec) {
        for (const question of this.#running.get(spec.id)?.questions ?? []) question.abort();
        this.#running.delete(spec.id);
    }

    #of({ id }: InstanceSpec): Running {
        const running = this.#running.get(id) ?? new Running();
        this.#running.set(id, running);
        return running;
    }

    async #decide(question: Question): Promise<Verdict> {
        const { spec, running, resource, over } = question;
        const remembered = (await this.#parts.store.get(spec.id, resource)) ?? 'ask';
        if (over.aborted) return withdrawn;
        if (remembered !== 'ask') return { allow: remembered === 'allow', why: 'remembered' };
        if (running.granted.has(resource)) return { allow: true, why: 'while running' };
        if (running.waiting >= limits.pendingPrompts) return { allow: false, why: 'too many questions' };

        running.waiting++;
        try {
            return await this.#prompt(question);
        } finally {
            running.waiting--;
        }
    }

    async #prompt({ spec, running, resource, detail, over }: Question): Promise<Verdict> {
        const answer = decisionSchema
            .catch('deny')
            .parse(await this.#parts.prompt(spec.id, resource, detail, over));
        if (over.aborted) return withdrawn;
        if (answer === 'while-running') running.granted.add(resource);
        if (answer === 'always') {
            await this.#parts.store
                .allow(spec.id, resource)
                .catch((error: unknown) => console.error(`Not remembered: ${describeError(error)}`));
        }

        return { allow: answer !== 'deny', why: `asked: ${answer}` };
    }
}

function aborted(signal: AbortSignal): Promise<Verdict> {
    return new Promise(resolve => {
        const give = () => resolve(withdrawn);
        if (signal.aborted) give();
        else signal.addEventListener('abort', give, { once: true });
    });
}
