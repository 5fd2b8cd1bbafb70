/** The daemon as the CLI sees it. Calls start it through D-Bus activation; every refusal is a UserError with the daemon's sentence. */
import instanceXml from '../../dbus/org.bulkhead.Instance1.xml';
import managerXml from '../../dbus/org.bulkhead.Manager1.xml';
import { Bus, CallError } from '../daemon/bus/bus.js';
import { type InterfaceDescription, parseInterface } from '../daemon/bus/interfaceXml.js';
import { openVariants, Variant } from '../daemon/bus/variants.js';
import { UserError } from '../shared/errors.js';

const manager = parseInterface(managerXml);
const instance = parseInterface(instanceXml);
const MANAGER_PATH = '/org/bulkhead/Manager1';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

/** D-Bus errors that mean: there is no daemon, and none could be started. */
const NO_DAEMON = /\.(ServiceUnknown|NameHasNoOwner|Spawn\..*|NoReply|Disconnected)$/;

export type Row = Record<string, unknown>;

export class Client {
    readonly #bus: Bus;

    private constructor(bus: Bus) {
        this.#bus = bus;
    }

    static async connect(): Promise<Client> {
        return new Client(await Bus.connect());
    }

    close() {
        this.#bus.close();
    }

    /** A Manager1 method that answers with a list of a{sv}. */
    async rows(member: string): Promise<Row[]> {
        const [rows] = await this.#call(MANAGER_PATH, manager, member);
        return (rows as unknown[]).map(openVariants);
    }

    async launch(app: string, clicked: number): Promise<string> {
        const [path] = await this.#call(MANAGER_PATH, manager, 'Launch', [
            app,
            { clicked: new Variant('x', BigInt(clicked)) },
        ]);
        return String(path);
    }

    async forget(instanceId: string, resource: string) {
        await this.#call(MANAGER_PATH, manager, 'ForgetPermission', [instanceId, resource]);
    }

    async endInstance(path: string, member: 'Stop' | 'Kill') {
        await this.#call(path, instance, member);
    }

    async managerProperties(): Promise<Row> {
        return this.#getAll(MANAGER_PATH, manager.name);
    }

    /** The instance's properties, or undefined when it is gone. */
    async instanceProperties(path: string): Promise<Row | undefined> {
        return (await this.instances()).get(path);
    }

    /** Properties by object path. */
    async instances(): Promise<Map<string, Row>> {
        const [objects] = await this.#guard(
            this.#bus.call({
                destination: manager.name,
                path: '/org/bulkhead',
                interface: 'org.freedesktop.DBus.ObjectManager',
                member: 'GetManagedObjects',
            })
        );
        const found = new Map<string, Row>();
        for (const [path, interfaces] of Object.entries(objects as Record<string, Row>))
            if (interfaces[instance.name]) found.set(path, openVariants(interfaces[instance.name]));

        return found;
    }

    /** Calls `handler` whenever the object's properties change or the object goes away. */
    async onChange(path: string, handler: () => void) {
        await this.#bus.onSignal(PROPERTIES, 'PropertiesChanged', signal => {
            if (signal.path === path) handler();
        });
        await this.#bus.onSignal('org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved', signal => {
            if (signal.args[0] === path) handler();
        });
    }

    /** Whether the shell extension is on the bus. */
    async hasExtension(): Promise<boolean> {
        return (await this.#bus.nameOwner('org.bulkhead.Shell1')) !== undefined;
    }

    async #getAll(path: string, iface: string): Promise<Row> {
        const call = { destination: manager.name, path, interface: PROPERTIES, member: 'GetAll' };
        const [properties] = await this.#guard(this.#bus.call({ ...call, signature: 's', args: [iface] }));
        return openVariants(properties);
    }

    #call(path: string, description: InterfaceDescription, member: string, args: unknown[] = []) {
        return this.#guard(
            this.#bus.callMember(description, { destination: manager.name, path, member, args })
        );
    }

    async #guard(reply: Promise<unknown[]>): Promise<unknown[]> {
        try {
            return await reply;
        } catch (error) {
            if (!(error instanceof CallError)) throw error;
            if (NO_DAEMON.test(error.errorName)) {
                throw new UserError(
                    'The Bulkhead daemon cannot be started: run "npm run install:user" in its checkout.',
                    {
                        cause: error,
                    }
                );
            }

            throw new UserError(error.message, { cause: error });
        }
    }
}
