/** Reads a JSON file that a person may have edited: bounded, parsed by a schema, each fault one sentence that names file, key and remedy. */
import { open } from 'node:fs/promises';
import type { ZodError, ZodType } from 'zod';
import { UserError } from './errors.js';
import { limits } from './limits.js';

/** The parsed file. Throws UserError; a file that is not there throws the system's own ENOENT. */
export async function readConfigFile<T>(path: string, schema: ZodType<T>): Promise<T> {
    const parsed = schema.safeParse(parseJson(path, await readBounded(path)));
    if (parsed.success) return parsed.data;
    throw new UserError(`${path}: ${firstFault(parsed.error)}`);
}

/** A regular file's text, at most limits.configBytes long. */
export async function readBounded(path: string): Promise<string> {
    const file = await open(path, 'r');
    try {
        const { size } = await file.stat();
        if (size > limits.configBytes)
            throw new UserError(`${path} is larger than ${limits.configBytes / 1024} KiB: make it smaller.`);

        return await file.readFile('utf8');
    } finally {
        await file.close();
    }
}

function parseJson(path: string, text: string): unknown {
    try {
        return JSON.parse(text);
    } catch (cause) {
        throw new UserError(`${path} is not valid JSON: correct it.`, { cause });
    }
}

function firstFault(error: ZodError): string {
    const issue = error.issues[0]!;
    const at = issue.path.length > 0 ? `"${issue.path.join('.')}"` : 'the file';
    if (issue.code === 'unrecognized_keys')
        return `unknown key "${issue.keys[0]}"${issue.path.length > 0 ? ` in ${at}` : ''}: remove it or correct its spelling.`;

    const missing = issue.code === 'invalid_type' && issue.message.includes('received undefined');
    return missing ? `the key ${at} is missing: add it.` : `${at} is wrong (${issue.message}): correct it.`;
}
