/** `bulkhead launch`: asks for the start and follows it until the app runs or has failed. */
import { UserError } from '../shared/errors.js';
import { instancePath } from '../shared/paths.js';
import type { Client, Row } from './client.js';

/** Two boots (limits.readyDeadline each, one retry) and the time round them. In ms. */
const DEADLINE = 150_000;

/** The instance was there and ended: the shell extension, where there is one, tells the person. */
export class InstanceEnded extends UserError {
    override name = 'InstanceEnded';
}

/** The instance's properties once it runs. Throws UserError with the reason when it does not come to run. */
export async function launchAndWait(client: Client, app: string, clicked: number): Promise<Row> {
    let changed!: () => void;
    let change = new Promise<void>(resolve => (changed = resolve));
    const rearm = () => (change = new Promise<void>(resolve => (changed = resolve)));
    await client.onChange(instancePath(app), () => changed());

    const path = await client.launch(app, clicked);
    const timer = setTimeout(() => changed(), DEADLINE);
    const end = Date.now() + DEADLINE;
    try {
        for (;;) {
            const properties = await client.instanceProperties(path);
            if (!properties) throw new InstanceEnded(`${app} ended before it showed anything.`);
            if (properties.State === 'failed') throw new InstanceEnded(String(properties.Reason));
            if (properties.State === 'running') return properties;
            if (Date.now() >= end)
                throw new UserError(`${app} is still starting after ${DEADLINE / 1000} s.`);
            await change;
            rearm();
        }
    } finally {
        clearTimeout(timer);
    }
}
