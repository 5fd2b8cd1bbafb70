/** Ties every handler to its message. A name that the tables do not have stops the proxy at its start. */
import type { Handler } from '../half.js';
import { messageNamed } from '../protocol.js';
import { clipboardEvents, clipboardRequests } from './clipboard.js';
import { displayEvents } from './display.js';
import { fullscreenRequests } from './fullscreen.js';
import { inputEvents } from './input.js';
import { registryEvents, registryRequests } from './registry.js';
import { surfaceRequests } from './surfaces.js';
import { toplevelRequests } from './toplevel.js';

/** Handlers by `interface.message`. */
export type Handlers = Readonly<Record<string, Handler>>;

function install(direction: 'requests' | 'events', ...tables: Handlers[]) {
    for (const [name, handler] of tables.flatMap(table => Object.entries(table))) {
        const [type, message] = name.split('.') as [string, string];
        const target = messageNamed(type, direction, message);
        if (target.handler) throw new Error(`${name} has two handlers`);

        target.handler = handler;
    }
}

/** To be called once, before the first connection. */
export function installHandlers() {
    install(
        'requests',
        registryRequests,
        surfaceRequests,
        toplevelRequests,
        fullscreenRequests,
        clipboardRequests
    );
    install('events', displayEvents, registryEvents, inputEvents, clipboardEvents);
}
