import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Bus } from '../../../src/daemon/bus/bus.js';
import { ShellLink } from '../../../src/daemon/shellLink.js';
import { limits } from '../../../src/shared/limits.js';
import { hasBus, interfaces, PrivateBus, spec, StandInShell } from './support.js';

/** The asker waits as long as it takes. */
const waiting = new AbortController().signal;
const registration = (id?: string) => ({ spec: spec(id), pid: 4711, startTime: 2 ** 40 });

// Without dbus-daemon (Debian package dbus-daemon) there is no bus to test on; the desktop root always has one.
(hasBus ? describe : describe.skip)('the link to the shell, on a real bus', () => {
    let buses: PrivateBus;
    let connections: Bus[];
    let link: ShellLink;
    const connect = async () => {
        const bus = await buses.connect();
        connections.push(bus);
        return bus;
    };
    const changed = () => once(link, 'changed', { signal: AbortSignal.timeout(5000) });
    const present = async (setUp?: (shell: StandInShell) => void) => {
        const arrival = changed();
        const shell = await StandInShell.start(await connect(), setUp);
        await arrival;
        return shell;
    };

    beforeEach(async () => {
        connections = [];
        buses = await PrivateBus.start();
        link = new ShellLink(await connect(), interfaces.shell);
        await link.open();
        jest.spyOn(console, 'error').mockImplementation(() => undefined);
    });
    afterEach(async () => {
        for (const bus of connections) bus.close();
        await buses.stop();
    });

    test('registers with every value that the extension needs, and resolves only after its answer', async () => {
        const shell = await present();
        await link.register(registration());
        expect(shell.registered).toEqual([
            {
                instance: 'text-editor',
                pid: 4711,
                startTime: BigInt(2 ** 40),
                desktopId: 'org.bulkhead.Instance.text-editor',
                appName: 'Text Editor',
                domainId: 'personal',
                domainName: 'Personal',
                domainColour: '#2ec27e',
                domainPattern: 'solid',
                domainEmblem: 'circle',
            },
        ]);
    });

    test('a registration without an extension is refused after the grace, with what to do', async () => {
        await expect(link.register(registration())).rejects.toThrow(/extension is not running: enable it/);
    });

    test('a registration that the extension refuses is refused, and not tried again later', async () => {
        const first = await present(shell => (shell.refuse = true));
        await expect(link.register(registration())).rejects.toThrow(/no/);
        const gone = changed();
        first.bus.close();
        await gone;
        expect((await present()).registered).toEqual([]);
    });

    test('a shell that comes back gets all running instances before it counts as present', async () => {
        const first = await present();
        await link.register(registration('a'));
        await link.register(registration('b'));
        link.unregister('b');
        const gone = changed();
        first.bus.close();
        await gone;
        expect(link.shell).toEqual({ present: false, input: true });

        const registeredFirst: boolean[] = [];
        const second = await present(shell => {
            shell.on('registered', () => registeredFirst.push(link.shell.present));
        });
        expect(second.registered.map(({ instance }) => instance)).toEqual(['a']);
        expect(registeredFirst).toEqual([false]);
        expect(link.shell).toEqual({ present: true, input: true });
    });

    test('input outlives the shell by the grace and no longer', async () => {
        const shell = await present();
        const gone = changed();
        const start = Date.now();
        shell.bus.close();
        await gone;
        expect(link.shell).toEqual({ present: false, input: true });
        await changed();
        expect(link.shell).toEqual({ present: false, input: false });
        expect(Date.now() - start).toBeGreaterThanOrEqual(limits.shellGrace);
    });

    test('a prompt ends with the shell that shows it', async () => {
        const shell = await present();
        shell.answer = () => new Promise(() => undefined);
        const asked = link.prompt('text-editor', 'fullscreen', '', waiting);
        const denied = expect(asked).rejects.toThrow();
        setTimeout(() => shell.bus.close(), 50);
        await denied;
    });

    test('a prompt gets the question and gives the answer', async () => {
        const shell = await present();
        shell.answer = async prompt => JSON.stringify(prompt);
        const asked = [1, 2].map(() => link.prompt('a', 'fullscreen', 'd', waiting));
        const question = { instance: 'a', resource: 'fullscreen', detail: 'd' };
        expect((await Promise.all(asked)).map(prompt => JSON.parse(String(prompt)))).toEqual([
            { ...question, id: 1 },
            { ...question, id: 2 },
        ]);
        expect(shell.cancelled).toEqual([]);
    });

    test('a prompt that nobody waits for is closed by its id, after it was asked for', async () => {
        const shell = await present();
        const gone = new AbortController();
        let close!: (decision: string) => void;
        const shown = new Promise<unknown>(resolve => {
            shell.answer = ({ id }) => {
                resolve(id);
                return new Promise(closed => (close = closed));
            };
        });
        const cancelled = once(shell, 'cancelled', { signal: AbortSignal.timeout(5000) });
        const asked = link.prompt('a', 'fullscreen', '', gone.signal);
        gone.abort();
        await cancelled;
        expect(shell.cancelled).toEqual([await shown]);
        close('deny');
        expect(await asked).toBe('deny');
    });

    test('a prompt that nobody waits for any more is not shown', async () => {
        const shell = await present();
        const asks: unknown[] = [];
        shell.answer = async prompt => String(asks.push(prompt));
        await expect(link.prompt('a', 'fullscreen', '', AbortSignal.abort())).rejects.toThrow(/abort/);
        await link.prompt('b', 'fullscreen', '', waiting);
        expect(asks).toMatchObject([{ instance: 'b' }]);
    });

    test('only the shell can say that a window was shown', async () => {
        const shell = await present();
        const stranger = await StandInShell.start(await connect());
        const heard: unknown[] = [];
        link.on('shown', (...args) => heard.push(args));
        stranger.windowShown('forged', 1);
        const shown = once(link, 'shown', { signal: AbortSignal.timeout(5000) });
        shell.windowShown('text-editor', 1234);
        await shown;
        expect(heard).toEqual([['text-editor', 1234]]);
    });
});
