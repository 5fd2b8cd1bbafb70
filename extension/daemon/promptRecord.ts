/** The record of org.bulkhead.Shell1.Prompt, checked key by key. The detail stays untrusted: only quote() may show it. */
import { BadRecord, count, refuseOthers, text, type Values } from '../attribution/registration.js';
import type { PromptRequest } from '../prompts/request.js';
import { isResource } from '../prompts/texts.js';

/** Throws BadRecord. */
export function parsePrompt(values: Values): PromptRequest {
    refuseOthers(values, ['id', 'instance', 'resource', 'detail']);
    const resource = text(values, 'resource', /^[a-z-]{1,40}$/);
    if (!isResource(resource)) throw new BadRecord(`No prompt for ${resource}`);

    return {
        id: count(values, 'id'),
        instance: text(values, 'instance', /^[a-z][a-z0-9-]{0,47}$/),
        resource,
        untrustedDetail: text(values, 'detail', /^[^]{0,4096}$/),
    };
}
