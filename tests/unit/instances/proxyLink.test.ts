import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ProxyLink } from '../../../src/instances/proxyLink.js';
import type { InstancePolicy } from '../../../src/instances/types.js';
import { exampleSpec } from './exampleSpec.js';

const ask = jest.fn<InstancePolicy['ask']>();
const policy: InstancePolicy = {
    register: () => Promise.resolve(),
    unregister: jest.fn<InstancePolicy['unregister']>(),
    ask,
    shell: { present: true, input: false },
    audit: jest.fn<InstancePolicy['audit']>(),
};

const cleanUps: (() => void)[] = [];
afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
    jest.resetAllMocks();
});

/** A link and the proxy's end of it. */
async function connected() {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-link-'));
    const server = createServer();
    server.listen(join(folder, 's'));
    await once(server, 'listening');
    const ours = createConnection(join(folder, 's'));
    const [proxy] = (await once(server, 'connection')) as [Socket];
    cleanUps.push(() => {
        ours.destroy();
        proxy.destroy();
        server.close();
        rmSync(folder, { recursive: true });
    });
    const lines = createInterface(proxy)[Symbol.asyncIterator]();
    return {
        link: new ProxyLink(ours, exampleSpec, policy),
        proxy,
        say: (message: object) => proxy.write(`${JSON.stringify(message)}\n`),
        heard: async () => JSON.parse((await lines.next()).value as string) as unknown,
    };
}

const question = { type: 'ask', ask: 7, resource: 'clipboard-read', detail: 'text/plain' };

describe('the control link of a proxy', () => {
    test('passes the decision of the policy on', async () => {
        const { say, heard } = await connected();
        ask.mockResolvedValue(true);
        say(question);
        expect(await heard()).toEqual({ type: 'verdict', ask: 7, allow: true });
        expect(ask.mock.calls[0]!.slice(0, 3)).toEqual([exampleSpec, 'clipboard-read', 'text/plain']);
    });

    test('a policy that fails is a denial', async () => {
        const { say, heard } = await connected();
        ask.mockRejectedValue(new Error('no shell'));
        say(question);
        expect(await heard()).toEqual({ type: 'verdict', ask: 7, allow: false });
    });

    test('an ask that was withdrawn is denied although the person allowed it meanwhile', async () => {
        const { say, heard } = await connected();
        ask.mockImplementation((_spec, _resource, _detail, signal) => once(signal, 'abort').then(() => true));
        say(question);
        say({ type: 'withdraw', ask: 7 });
        expect(await heard()).toEqual({ type: 'verdict', ask: 7, allow: false });
    });

    test('a proxy that goes away takes its prompts with it', async () => {
        const { say, proxy, link } = await connected();
        const withdrawn = new Promise<void>(resolve =>
            ask.mockImplementation(async (_spec, _resource, _detail, signal) => {
                proxy.destroy();
                await once(signal, 'abort');
                resolve();
                return true;
            })
        );
        const closed = once(link, 'closed');
        say(question);
        await withdrawn;
        expect(await closed).toEqual([undefined]);
    });

    test('a message outside of the protocol ends the link with a reason', async () => {
        const { say, link } = await connected();
        say({ ...question, resource: 'everything' });
        expect(await once(link, 'closed')).toEqual(['sent a message that is not in the protocol']);
        expect(ask).not.toHaveBeenCalled();
    });

    test('attack: a claim to own the clipboard is no message, so it gets no other instance in', async () => {
        const { say, link } = await connected();
        say({ type: 'clipboard-owner', owner: true });
        expect(await once(link, 'closed')).toEqual(['sent a message that is not in the protocol']);
    });

    test('tells the proxy what the policy knows of the shell', async () => {
        const { link, heard } = await connected();
        link.shellChanged();
        expect(await heard()).toEqual({ type: 'shell', present: true, input: false });
    });
});
