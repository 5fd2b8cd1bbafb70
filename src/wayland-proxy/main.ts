/**
 * The Wayland proxy of one instance. One argument: the path of its configuration (control.ts). Both sockets appear complete,
 * listening and 0600. Exit codes: 1 a bug, 2 bad configuration or socket, 3 the compositor is gone.
 */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { UserError, describeError } from '../shared/errors.js';
import { proxyConfig, type ProxyConfig } from './control.js';
import { installHandlers } from './handlers/index.js';
import { log } from './log.js';
import { Proxy } from './proxy.js';
import { listen } from './sys.js';

const EXIT_START = 2;
const EXIT_COMPOSITOR_GONE = 3;

function readConfig(path: string | undefined): ProxyConfig {
    if (!path) throw new UserError('Name the configuration file: wayland-proxy CONFIG.json');

    return proxyConfig.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Listens under another name first, so that whoever sees the socket can connect to it. */
function listenAt(path: string): number {
    const unfinished = `${path}~`;
    rmSync(unfinished, { force: true });
    const fd = listen(unfinished);
    if (fd < 0) throw new Error(`cannot listen at ${path} (errno ${-fd})`);

    renameSync(unfinished, path);
    return fd;
}

function start(): Proxy {
    const config = readConfig(process.argv[2]);
    process.umask(0o177);
    installHandlers();
    return new Proxy(config, listenAt(config.listenSocket), listenAt(config.controlSocket));
}

function startOrExit(): Proxy {
    try {
        return start();
    } catch (error) {
        log(describeError(error));
        process.exit(EXIT_START);
    }
}

const proxy = startOrExit();
log('listening');
proxy.run();
process.exit(EXIT_COMPOSITOR_GONE);
