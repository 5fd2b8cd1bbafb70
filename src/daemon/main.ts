/** bulkheadd: arguments, start and end of the daemon. Exit codes: 0 asked to end, 1 could not start, 2 usage, 3 another one runs. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import instanceXml from '../../dbus/org.bulkhead.Instance1.xml';
import managerXml from '../../dbus/org.bulkhead.Manager1.xml';
import shellXml from '../../dbus/org.bulkhead.Shell1.xml';
import { version } from '../../package.json';
import { verifyImage } from '../images/verify.js';
import { Instances } from '../instances/instances.js';
import { describeError, UserError } from '../shared/errors.js';
import { userPaths } from '../shared/paths.js';
import { Bus } from './bus/bus.js';
import { parseInterface } from './bus/interfaceXml.js';
import { AlreadyRunning, startDaemon } from './daemon.js';

const HELP = `Usage: bulkheadd [--help] [--version]

The Bulkhead daemon: starts apps in microVMs of their own. D-Bus or systemd start it when it is needed.
It needs a session bus and XDG_RUNTIME_DIR. When it ends, instances go on; the next one finds them again.
`;

const programs = dirname(fileURLToPath(import.meta.url));

async function run() {
    const paths = userPaths();
    const bus = await Bus.connect();
    // A session that ends takes its bus away first.
    bus.closed.catch(() => process.exit(0));
    await startDaemon({
        version,
        bus,
        paths,
        interfaces: {
            manager: parseInterface(managerXml),
            instance: parseInterface(instanceXml),
            shell: parseInterface(shellXml),
        },
        verify: folder => verifyImage(folder, join(paths.cache, 'verified.json')),
        launcher: [process.execPath, join(programs, 'bulkhead.mjs')],
        instances: policy =>
            new Instances({ paths, policy, programs: { proxy: join(programs, 'wayland-proxy.mjs') } }),
    });
    console.error('bulkheadd is ready.');
}

function options() {
    try {
        return parseArgs({ options: { help: { type: 'boolean' }, version: { type: 'boolean' } } }).values;
    } catch (error) {
        console.error(`bulkheadd: ${describeError(error)}`);
        process.exit(2);
    }
}

const { help, version: showVersion } = options();
if (help || showVersion) {
    process.stdout.write(help ? HELP : `${version}\n`);
} else {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
    run().catch((error: unknown) => {
        const sentence = error instanceof UserError ? error.message : describeError(error);
        console.error(`bulkheadd: ${sentence}`);
        process.exit(error instanceof AlreadyRunning ? 3 : 1);
    });
}
