/**
 * The agent: tells the daemon that the guest is ready, starts what it asks for, reports how that ended, and powers
 * the guest off when told to. Started by waypipe once the session bus and the guest's Wayland socket are there.
 */
import * as os from 'os';
import * as std from 'std';
import type { FromAgent, ToAgent } from '../../src/vm/agentProtocol.js';
import { Link } from './link.js';
import { parseLine, toLine } from './messages.js';
import { Runs } from './runs.js';

/** Pid 1's FIFO (guest/init/stage2). */
const controlPath = '/run/bulkhead/control';

let stopping = false;

const runs = new Runs((run, ending) => {
    send({ type: 'exited', run, ...ending });
    if (stopping && runs.running.length === 0) control('poweroff');
});

const link = new Link({
    connecting: () => {
        send({ type: 'hello', protocol: 1, uptime: uptime(), runs: runs.running });
        send(stopping ? { type: 'stopping' } : { type: 'ready', uptime: uptime() });
    },
    line: line => {
        const message = parseLine(line);
        if (message) handle(message);
    },
});
link.connect();

function send(message: FromAgent) {
    link.send(toLine(message));
}

function handle(message: ToAgent) {
    switch (message.type) {
        case 'clock':
            control(`clock ${Math.round(message.epochMs / 1000)}`);
            break;
        case 'start':
            if (stopping) return;
            runs.start(message.run, message.argv, message.env);
            send({ type: 'started', run: message.run });
            break;
        case 'stop':
            stop(message.graceMs);
            break;
    }
}

function stop(graceMs: number) {
    stopping = true;
    send({ type: 'stopping' });
    if (runs.running.length === 0) {
        control('poweroff');
        return;
    }
    runs.terminate();
    os.setTimeout(() => {
        runs.kill();
        control('poweroff');
    }, graceMs);
}

function control(line: string) {
    const fifo = std.open(controlPath, 'w');
    fifo?.puts(`${line}\n`);
    fifo?.close();
}

/** ms since the kernel started. */
function uptime() {
    const file = std.open('/proc/uptime', 'r');
    const line = file?.getline() ?? '0';
    file?.close();
    return Math.round(parseFloat(line) * 1000);
}
