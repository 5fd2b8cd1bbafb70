/** What a prompt is about. */
import type { Resource } from './texts.js';

export interface PromptRequest {
    /** The daemon's name for this prompt, by which it can be withdrawn. */
    id: number;
    instance: string;
    resource: Resource;
    untrustedDetail: string;
}
