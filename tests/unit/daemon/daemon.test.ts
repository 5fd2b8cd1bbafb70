import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Bus, Signal } from '../../../src/daemon/bus/bus.js';
import { type InterfaceDescription, parseInterface } from '../../../src/daemon/bus/interfaceXml.js';
import { openVariants, Variant } from '../../../src/daemon/bus/variants.js';
import { AlreadyRunning, startDaemon } from '../../../src/daemon/daemon.js';
import type { InstancePolicy } from '../../../src/instances/types.js';
import { UserError } from '../../../src/shared/errors.js';
import { userPaths } from '../../../src/shared/paths.js';
import {
    hasBus,
    interfaces,
    manifest,
    PrivateBus,
    serveEmptyPermissionStore,
    spec,
    StandInInstances,
    StandInShell,
} from './support.js';
import { image } from '../../support/image.js';

const MANAGER = '/org/bulkhead/Manager1';
const EDITOR = '/org/bulkhead/Instance/text_editor';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const destination = 'org.bulkhead.Manager1';

// Without dbus-daemon (Debian package dbus-daemon) there is no bus to test on; the desktop root always has one.
(hasBus ? describe : describe.skip)('the daemon, on a real bus', () => {
    let buses: PrivateBus;
    let connections: Bus[];
    let client: Bus;
    let instances: StandInInstances;
    let policy: InstancePolicy;
    let verify: (folder: string) => Promise<typeof image>;

    const connect = async () => {
        const bus = await buses.connect();
        connections.push(bus);
        return bus;
    };
    const paths = () => userPaths({ HOME: join(buses.folder, 'home'), XDG_RUNTIME_DIR: buses.folder });
    const start = async (set = instances) =>
        startDaemon({
            version: '1.2.3',
            bus: await connect(),
            paths: paths(),
            interfaces,
            verify: folder => verify(folder),
            launcher: ['/node', '/bulkhead.mjs'],
            instances: given => {
                policy = given;
                return set;
            },
        });
    const manager = async (member: string, ...args: unknown[]) =>
        (await client.callMember(interfaces.manager, { destination, path: MANAGER, member, args }))[0];
    const standard = (path: string, iface: string, member: string, signature = '', ...args: unknown[]) =>
        client.call({
            destination,
            path,
            interface: `org.freedesktop.DBus.${iface}`,
            member,
            signature,
            args,
        });
    const rows = async (member: string) => ((await manager(member)) as unknown[]).map(openVariants);
    const signal = (iface: string, member: string) =>
        new Promise<Signal>(resolve => void client.onSignal(iface, member, resolve));
    const install = async (content: unknown) => {
        const folder = join(paths().apps, manifest.id);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'editor.svg'), '<svg/>');
        await writeFile(join(folder, 'manifest.json'), JSON.stringify(content));
    };

    beforeEach(async () => {
        connections = [];
        buses = await PrivateBus.start();
        client = await connect();
        instances = new StandInInstances();
        verify = async () => image;
        jest.spyOn(console, 'error').mockImplementation(() => undefined);
        await install(manifest);
    });
    afterEach(async () => {
        for (const bus of connections) bus.close();
        await buses.stop();
    });

    const introspected = async (path: string, name: string): Promise<InterfaceDescription> => {
        const [text] = await standard(path, 'Introspectable', 'Introspect');
        const found = new RegExp(`<interface name="${name}">[^]*?</interface>`).exec(String(text))![0];
        return parseInterface(`<node>${found}</node>`);
    };

    test('what it serves is what the XML says, member by member', async () => {
        await start();
        instances.launch(spec());
        for (const [path, description] of [
            [MANAGER, interfaces.manager],
            [EDITOR, interfaces.instance],
        ] as const) {
            const { methods, signals, properties } = await introspected(path, description.name);
            expect([methods, signals, properties]).toEqual([
                description.methods,
                description.signals,
                description.properties,
            ]);
            const [values] = await standard(path, 'Properties', 'GetAll', 's', description.name);
            for (const [name, type] of description.properties)
                expect((values as Record<string, Variant>)[name]?.signature).toBe(type);
        }
    });

    test('tells apps, domains and the VMM with its reason', async () => {
        await start();
        expect(await rows('ListApps')).toEqual([
            {
                id: 'text-editor',
                name: 'Text Editor',
                comment: '',
                domain: 'personal',
                instance: 'text-editor',
                desktopId: 'org.bulkhead.Instance.text-editor',
            },
        ]);
        expect((await rows('ListDomains'))[0]).toEqual({
            id: 'personal',
            name: 'Personal',
            colour: '#2ec27e',
            pattern: 'solid',
            emblem: 'circle',
        });
        const [properties] = await standard(MANAGER, 'Properties', 'GetAll', 's', destination);
        expect(openVariants(properties)).toEqual({
            Version: '1.2.3',
            Backend: 'qemu-tcg',
            BackendReason: 'there is no KVM',
        });
    });

    test('a launched instance is announced, listed, followed and gone again', async () => {
        await start();
        const added = signal('org.freedesktop.DBus.ObjectManager', 'InterfacesAdded');
        const clicked = Date.now() - 5;
        expect(await manager('Launch', 'text-editor', { clicked: new Variant('x', BigInt(clicked)) })).toBe(
            EDITOR
        );
        expect((await added).args[0]).toBe(EDITOR);
        expect(instances.get('text-editor')?.spec).toMatchObject({
            desktopId: 'org.bulkhead.Instance.text-editor',
            domain: { id: 'personal' },
            image: { layer: join(paths().images, manifest.image, 'editor.erofs') },
        });

        const changed = signal(PROPERTIES, 'PropertiesChanged');
        instances.get('text-editor')?.become('failed', 'The VM did not start.');
        expect(openVariants((await changed).args[1])).toEqual({
            State: 'failed',
            Reason: 'The VM did not start.',
            Timing: { clicked: BigInt(clicked) },
            Processes: { proxy: 4711 },
        });

        const removed = signal('org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved');
        await client.callMember(interfaces.instance, { destination, path: EDITOR, member: 'Stop' });
        expect((await removed).args).toEqual([EDITOR, ['org.bulkhead.Instance1']]);
        const [objects] = await standard('/org/bulkhead', 'ObjectManager', 'GetManagedObjects');
        expect(Object.keys(objects as object)).toEqual([MANAGER]);
    });

    test.each([
        [
            'an app that does not exist',
            'Launch',
            ['nope', {}],
            'org.bulkhead.Error.NotFound',
            /no app "nope"/,
        ],
        [
            'an id that is a path',
            'Launch',
            ['../editor', {}],
            'org.bulkhead.Error.InvalidArgs',
            /is not an id/,
        ],
        [
            'an unknown option',
            'Launch',
            ['text-editor', { root: new Variant('b', true) }],
            'org.bulkhead.Error.InvalidArgs',
            /root/,
        ],
        [
            'a click in the future',
            'Launch',
            ['text-editor', { clicked: new Variant('x', BigInt(Date.now() + 86_400_000)) }],
            'org.bulkhead.Error.InvalidArgs',
            /last day/,
        ],
    ])('%s is refused by name, and nothing starts', async (_, member, args, errorName, text) => {
        await start();
        const called = manager(member, ...args);
        await expect(called).rejects.toMatchObject({ errorName, message: expect.stringMatching(text) });
        expect(instances.list()).toEqual([]);
    });

    test('a damaged image and a bad manifest reach the caller as the sentence that says what to do', async () => {
        verify = async () => Promise.reject(new UserError('The image is damaged: build it again.'));
        await start();
        const failed = { errorName: 'org.bulkhead.Error.Failed' };
        await expect(manager('Launch', 'text-editor', {})).rejects.toMatchObject({
            ...failed,
            message: 'The image is damaged: build it again.',
        });
    });

    test('a manifest with an unknown key says so at launch, and is no entry in the desktop', async () => {
        await install({ ...manifest, memory: 1 });
        await start();
        await expect(manager('Launch', 'text-editor', {})).rejects.toThrow(/unknown key "memory"/);
        expect(await readdir(paths().applications)).toEqual([]);
    });

    test('an internal error keeps its stack to itself', async () => {
        verify = async () => Promise.reject(new TypeError('secret path'));
        await start();
        const called = manager('Launch', 'text-editor', {});
        await expect(called).rejects.toMatchObject({ errorName: 'org.bulkhead.Error.Internal' });
        await expect(manager('Launch', 'text-editor', {})).rejects.not.toThrow(/secret/);
    });

    test.each([
        ['an unknown member', MANAGER, 'org.bulkhead.Manager1', 'Destroy', '', [], 'UnknownMethod'],
        [
            'another signature',
            MANAGER,
            'org.bulkhead.Manager1',
            'Launch',
            's',
            ['text-editor'],
            'InvalidArgs',
        ],
        [
            'an unknown object',
            '/org/bulkhead/x',
            'org.bulkhead.Manager1',
            'ListApps',
            '',
            [],
            'UnknownObject',
        ],
        ['another interface', MANAGER, 'org.bulkhead.Instance1', 'Kill', '', [], 'UnknownInterface'],
        [
            'a member of every object',
            MANAGER,
            'org.bulkhead.Manager1',
            'constructor',
            '',
            [],
            'UnknownMethod',
        ],
        [
            'writing a property',
            MANAGER,
            PROPERTIES,
            'Set',
            'ssv',
            ['org.bulkhead.Manager1', 'Backend', new Variant('s', 'x')],
            'PropertyReadOnly',
        ],
    ])('%s is refused', async (_, path, iface, member, signature, args, name) => {
        await start();
        await expect(
            client.call({ destination, path, interface: iface, member, signature, args })
        ).rejects.toMatchObject({ errorName: `org.freedesktop.DBus.Error.${name}` });
    });

    test('a second daemon ends with one sentence and touches nothing; the first goes on', async () => {
        await start();
        const second = new StandInInstances();
        await expect(start(second)).rejects.toThrow(AlreadyRunning);
        expect(second.recovered).toBe(false);
        expect(await rows('ListApps')).toHaveLength(1);
    });

    test('the desktop entry is there as soon as the daemon answers, and follows a new domain', async () => {
        await start();
        const path = join(paths().applications, 'org.bulkhead.Instance.text-editor.desktop');
        expect(await readFile(path, 'utf8')).toContain('Keywords=Personal;');
    });

    test('the prompt of an instance that has failed is closed, and its question denied', async () => {
        await serveEmptyPermissionStore(await connect());
        await start();
        const noticed = once(instances, 'shell', { signal: AbortSignal.timeout(5000) });
        const shell = await StandInShell.start(await connect());
        await noticed;
        const asker = instances.launch(spec('mail'));
        const shown = new Promise(resolve => {
            shell.answer = ({ id }) => {
                resolve(id);
                return new Promise(() => undefined);
            };
        });
        const asked = policy.ask(asker.spec, 'clipboard-read', '', new AbortController().signal);
        const id = await shown;
        const cancelled = once(shell, 'cancelled', { signal: AbortSignal.timeout(5000) });
        asker.become('failed', 'The VMM was killed.');
        expect(await asked).toBe(false);
        await cancelled;
        expect(shell.cancelled).toEqual([id]);
    });

    test('the first frame of a window is stamped, and a change of the shell reaches the instances', async () => {
        await start();
        await manager('Launch', 'text-editor', {});
        const noticed = once(instances, 'shell', { signal: AbortSignal.timeout(5000) });
        const shell = await StandInShell.start(await connect());
        await noticed;
        const instance = instances.get('text-editor')!;
        const stamped = once(instance, 'changed', { signal: AbortSignal.timeout(5000) });
        shell.windowShown('text-editor', 1234);
        await stamped;
        expect(instance.timing.frame).toBe(1234);
    });
});
