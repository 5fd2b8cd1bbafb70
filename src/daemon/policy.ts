/** The daemon's side of the border to src/instances: registration and permissions, by the parts that know. */
import type { InstancePolicy } from '../instances/types.js';
import type { AuditLog } from '../permissions/audit.js';
import type { PermissionBroker } from '../permissions/broker.js';
import type { ShellLink } from './shellLink.js';

export function instancePolicy(shell: ShellLink, broker: PermissionBroker, audit: AuditLog): InstancePolicy {
    return {
        register: registration => shell.register(registration),
        unregister: instance => shell.unregister(instance),
        ask: (spec, resource, detail, signal) => broker.ask(spec, resource, detail, signal),
        get shell() {
            return shell.shell;
        },
        audit: event => audit.write(event),
    };
}
