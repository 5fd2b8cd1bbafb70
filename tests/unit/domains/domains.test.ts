import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultDomains } from '../../../src/domains/domain.js';
import { loadDomains } from '../../../src/domains/domains.js';
import { UserError } from '../../../src/shared/errors.js';

let path: string;
beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'bulkhead-domains-')), 'domains.json');
});
afterEach(() => rm(join(path, '..'), { recursive: true }));

const load = async (content: unknown) => {
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return loadDomains(path);
};

describe('domains', () => {
    test('no file means the defaults', async () => expect(await loadDomains(path)).toBe(defaultDomains));

    test('the file replaces the defaults', async () => {
        expect(await load([defaultDomains[1]])).toEqual([defaultDomains[1]]);
    });

    test.each([
        ['not JSON', '{', /is not valid JSON: correct it/],
        ['an empty file', '', /is not valid JSON/],
        ['no domain at all', [], /the file is wrong/],
        [
            'an unknown key',
            [{ ...defaultDomains[0], color: '#fff' }],
            /unknown key "color" in "0": remove it/,
        ],
        ['a missing key', [{ id: 'a' }], /the key "0.name" is missing: add it/],
        ['the same id twice', [defaultDomains[0], defaultDomains[0]], /"personal" is used twice/],
    ])(
        '%s is an error that names the file, and never falls back to the defaults',
        async (_, content, text) => {
            const loading = load(content);
            await expect(loading).rejects.toThrow(UserError);
            await expect(loading).rejects.toThrow(text);
            await expect(loading).rejects.toThrow(path);
        }
    );
});
