/**
 * Puts the daemon together on a bus: takes the name first, so that a second daemon touches nothing; then finds the
 * shell and the instances that run; calls that arrive meanwhile wait. Ends without ending any instance.
 */
import { AppStore } from '../apps/store.js';
import type { VerifyImage } from '../apps/image.js';
import type { InstancePolicy } from '../instances/types.js';
import { AuditLog } from '../permissions/audit.js';
import { PermissionBroker } from '../permissions/broker.js';
import { PermissionStore } from '../permissions/permissionStore.js';
import { UserError } from '../shared/errors.js';
import type { UserPaths } from '../shared/paths.js';
import type { Bus } from './bus/bus.js';
import { Exporter } from './bus/exporter.js';
import type { InterfaceDescription } from './bus/interfaceXml.js';
import { toBusError } from './busErrors.js';
import { Catalog } from './catalog.js';
import type { InstanceLike, InstanceSet } from './instanceSet.js';
import { serveInstances } from './instanceService.js';
import { manager, MANAGER_PATH } from './managerService.js';
import { instancePolicy } from './policy.js';
import { ShellLink } from './shellLink.js';

export interface DaemonParts {
    version: string;
    bus: Bus;
    paths: UserPaths;
    interfaces: Record<'manager' | 'instance' | 'shell', InterfaceDescription>;
    verify: VerifyImage;
    launcher: readonly string[];
    instances(policy: InstancePolicy): InstanceSet;
}

/** Another daemon has the name. */
export class AlreadyRunning extends UserError {
    override name = 'AlreadyRunning';
}

/** Resolves when everything is served. Throws AlreadyRunning, or UserError. */
export async function startDaemon(parts: DaemonParts): Promise<void> {
    const { bus, interfaces, paths } = parts;
    let started!: () => void;
    const ready = new Promise<void>(resolve => (started = resolve));
    const exporter = new Exporter(bus, '/org/bulkhead', ready, toBusError);
    if (!(await bus.ownName(interfaces.manager.name))) {
        throw new AlreadyRunning(
            'Another bulkheadd is running for this session: this one ends, that one goes on.'
        );
    }

    const audit = new AuditLog(paths.auditLog);
    const permissions = new PermissionStore(bus);
    const shell = new ShellLink(bus, interfaces.shell);
    const broker = new PermissionBroker({
        store: permissions,
        audit,
        prompt: (...question) => shell.prompt(...question),
    });
    const instances = parts.instances(instancePolicy(shell, broker, audit));
    const catalog = new Catalog({ ...parts, store: new AppStore(paths.apps) });

    shell.on('changed', () => instances.shellChanged());
    shell.on('shown', (id, when) => instances.get(id)?.stamp('frame', when));
    instances.on('added', (instance: InstanceLike) => {
        // A failed instance stays in the set, but what was granted while it ran has ended.
        instance.on('changed', () => {
            if (instance.state === 'failed' || instance.state === 'stopped') broker.ended(instance.spec);
        });
    });

    bus.closed.catch(() => catalog.close());

    await shell.open();
    const [backend] = await Promise.all([instances.backend(), instances.recover(), catalog.open()]);
    const managerParts = { version: parts.version, catalog, instances, permissions, backend };
    exporter.export(MANAGER_PATH, manager(interfaces.manager, managerParts));
    serveInstances(exporter, interfaces.instance, instances);
    started();
}
