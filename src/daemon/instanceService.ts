/** Shows the set of instances on the bus: one org.bulkhead.Instance1 object each, for as long as it is in the set. */
import { instancePath } from '../shared/paths.js';
import type { Exporter, Implementation } from './bus/exporter.js';
import type { InterfaceDescription } from './bus/interfaceXml.js';
import type { InstanceLike, InstanceSet } from './instanceSet.js';

/** Exports those that are there, and follows the set from then on. */
export function serveInstances(
    exporter: Exporter,
    description: InterfaceDescription,
    instances: InstanceSet
) {
    const add = (instance: InstanceLike) => {
        const path = instancePath(instance.spec.id);
        exporter.export(path, implementation(description, instance));
        instance.on('changed', () => exporter.changed(path, ['State', 'Reason', 'Timing', 'Processes']));
    };
    instances.on('added', add);
    instances.on('removed', (instance: InstanceLike) => exporter.unexport(instancePath(instance.spec.id)));
    for (const instance of instances.list()) add(instance);
}

function implementation(description: InterfaceDescription, instance: InstanceLike): Implementation {
    const { spec } = instance;
    const none = async (done: Promise<void>) => {
        await done;
        return [];
    };
    return {
        description,
        methods: {
            Stop: () => none(instance.stop()),
            Kill: () => none(instance.kill()),
        },
        properties: {
            Id: () => spec.id,
            App: () => spec.app.id,
            Name: () => spec.app.name,
            Domain: () => spec.domain.id,
            DesktopId: () => spec.desktopId,
            State: () => instance.state,
            Reason: () => instance.reason ?? '',
            Timing: () => mapValues(instance.timing, ms => BigInt(Math.round(ms))),
            Processes: () => mapValues(instance.processes, process => process.pid),
        },
    };
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
