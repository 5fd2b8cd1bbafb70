/** org.bulkhead.Manager1: turns calls into uses of the catalog, the instances and the permission store. */
import { z } from 'zod';
import type { PermissionStore } from '../permissions/permissionStore.js';
import { UserError } from '../shared/errors.js';
import { desktopId, idPattern, instancePath } from '../shared/paths.js';
import type { Implementation } from './bus/exporter.js';
import type { InterfaceDescription } from './bus/interfaceXml.js';
import { stringVariants } from './bus/variants.js';
import { invalidArgs, notFound } from './busErrors.js';
import type { Catalog } from './catalog.js';
import type { InstanceSet } from './instanceSet.js';

export const MANAGER_PATH = '/org/bulkhead/Manager1';

const id = z.string().regex(idPattern, 'is not an id');
/** A click lies between a day ago and now: anything else would only spoil the timing. */
const clicked = z
    .object({ signature: z.literal('x'), value: z.bigint() })
    .transform(variant => Number(variant.value))
    .refine(ms => ms <= Date.now() && ms > Date.now() - 86_400_000, 'is not a time of the last day');
const launchArgs = z.tuple([id, z.strictObject({ clicked: clicked.optional() })]);
/** What other tools wrote into the store may have any form, and can be forgotten too. */
const forgetArgs = z.tuple([z.string().max(256), z.string().max(256)]);

export interface ManagerParts {
    version: string;
    catalog: Catalog;
    instances: InstanceSet;
    permissions: Pick<PermissionStore, 'list' | 'forget'>;
    /** What is in use; known once the start-up is through. */
    backend: { name: string; reason: string };
}

export function manager(description: InterfaceDescription, parts: ManagerParts): Implementation {
    const { catalog, permissions } = parts;
    return {
        description,
        methods: {
            ListApps: async () => {
                const entries = await catalog.entries();
                return [
                    entries.map(({ app, instance }) =>
                        stringVariants({
                            id: app.id,
                            name: app.name,
                            comment: app.comment ?? '',
                            domain: app.domain,
                            instance,
                            desktopId: desktopId(instance),
                        })
                    ),
                ];
            },
            ListDomains: async () => [(await catalog.domains()).map(domain => stringVariants({ ...domain }))],
            Launch: async args => {
                const [app, { clicked }] = parse(launchArgs, args);
                return [instancePath(await launch(parts, app, clicked))];
            },
            ListPermissions: async () => [
                (await permissions.list()).map(entry => stringVariants({ ...entry })),
            ],
            ForgetPermission: async args => {
                const [instance, resource] = parse(forgetArgs, args);
                if (!(await permissions.forget(instance, resource)))
                    throw notFound(`Nothing is remembered for ${instance} and ${resource}.`);

                return [];
            },
        },
        properties: {
            Version: () => parts.version,
            Backend: () => parts.backend.name,
            BackendReason: () => parts.backend.reason,
        },
    };
}

async function launch(
    { catalog, instances }: ManagerParts,
    app: string,
    clickedAt?: number
): Promise<string> {
    const spec = await catalog.spec(app);
    if (!spec) {
        const problem = catalog.problemOf(app);
        if (problem) throw new UserError(problem);
        throw notFound(`There is no app "${app}": "bulkhead apps" lists those installed.`);
    }

    return instances.launch(spec, clickedAt).spec.id;
}

function parse<T>(schema: z.ZodType<T>, args: unknown[]): T {
    const parsed = schema.safeParse(args);
    if (parsed.success) return parsed.data;
    throw invalidArgs(
        parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    );
}
