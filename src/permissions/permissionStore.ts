/**
 * What a person answered with "always", in the desktop's own permission store, where other tools see and revoke it.
 * Table `bulkhead`, object id = resource, app = instance id, permissions [`allow`] or [`deny`].
 */
import { type Bus, CallError } from '../daemon/bus/bus.js';

const TABLE = 'bulkhead';
const STORE = {
    destination: 'org.freedesktop.impl.portal.PermissionStore',
    path: '/org/freedesktop/impl/portal/PermissionStore',
    interface: 'org.freedesktop.impl.portal.PermissionStore',
    timeout: 10_000,
};

export interface RememberedPermission {
    instance: string;
    resource: string;
    decision: string;
}

export class PermissionStore {
    readonly #bus: Bus;

    constructor(bus: Bus) {
        this.#bus = bus;
    }

    /** The word that is stored, or undefined. Other tools may have written any word. */
    async get(instance: string, resource: string): Promise<string | undefined> {
        const stored = (await this.#lookup(resource))[instance];
        return stored && (stored.length === 1 ? stored[0] : stored.join(' '));
    }

    async allow(instance: string, resource: string) {
        const args = [TABLE, true, resource, instance, ['allow']];
        await this.#bus.call({ ...STORE, member: 'SetPermission', signature: 'sbssas', args });
    }

    /** False when nothing was stored. */
    async forget(instance: string, resource: string): Promise<boolean> {
        if ((await this.get(instance, resource)) === undefined) return false;
        const args = [TABLE, resource, instance];
        await this.#bus.call({ ...STORE, member: 'DeletePermission', signature: 'sss', args });
        return true;
    }

    async list(): Promise<RememberedPermission[]> {
        const [resources] = await this.#bus.call({ ...STORE, member: 'List', signature: 's', args: [TABLE] });
        const found: RememberedPermission[] = [];
        for (const resource of resources as string[]) {
            for (const [instance, words] of Object.entries(await this.#lookup(resource)))
                found.push({ instance, resource, decision: words.join(' ') });
        }
        return found;
    }

    async #lookup(resource: string): Promise<Record<string, string[]>> {
        try {
            const args = [TABLE, resource];
            const [permissions] = await this.#bus.call({ ...STORE, member: 'Lookup', signature: 'ss', args });
            return permissions as Record<string, string[]>;
        } catch (error) {
            if (error instanceof CallError && error.errorName === 'org.freedesktop.portal.Error.NotFound')
                return {};
            throw error;
        }
    }
}
