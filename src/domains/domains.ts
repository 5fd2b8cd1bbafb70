/** The person's isolation domains: their own list, or the defaults where they have none. */
import { z } from 'zod';
import { readConfigFile } from '../shared/configFile.js';
import { UserError } from '../shared/errors.js';
import { defaultDomains, domainSchema, type Domain } from './domain.js';

const domainList = z.array(domainSchema).min(1).max(64);

/** Reads `path` (domains.json). Throws UserError when the file exists and is wrong. */
export async function loadDomains(path: string): Promise<readonly Domain[]> {
    let domains: Domain[];
    try {
        domains = await readConfigFile(path, domainList);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return defaultDomains;
        throw error;
    }

    const ids = domains.map(domain => domain.id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice)
        throw new UserError(`${path}: the domain id "${twice}" is used twice: give one of them another.`);

    return domains;
}
