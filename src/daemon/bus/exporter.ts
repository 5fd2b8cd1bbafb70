/**
 * Serves objects on the bus from introspection XML, with the standard Introspectable, Properties and ObjectManager
 * interfaces. Default deny: a member that is not in the XML, or arguments of another signature, get a D-Bus error
 * and reach no handler. The library's own dispatcher is not used: it lets Set through on read-only properties
 * and answers with stack traces.
 */
import { Message, MessageFlag, MessageType, Variant } from '@jellybrick/dbus-next';
import type { Bus } from './bus.js';
import type { InterfaceDescription } from './interfaceXml.js';

/** An error with the D-Bus name that the caller shall see. */
export class BusError extends Error {
    override name = 'BusError';
    constructor(
        readonly errorName: string,
        message: string,
        options?: ErrorOptions
    ) {
        super(message, options);
    }
}

/** What stands behind one interface of one object. */
export interface Implementation {
    description: InterfaceDescription;
    /** By member name: the in arguments to the out arguments. */
    methods: Record<string, (args: unknown[]) => unknown[] | Promise<unknown[]>>;
    properties: Record<string, () => unknown>;
}

type Properties = Record<string, Variant>;

const STANDARD_XML = `
<interface name="org.freedesktop.DBus.Introspectable"><method name="Introspect"><arg name="xml" type="s" direction="out"/></method></interface>
<interface name="org.freedesktop.DBus.Properties">
<method name="Get"><arg name="interface" type="s" direction="in"/><arg name="property" type="s" direction="in"/><arg name="value" type="v" direction="out"/></method>
<method name="GetAll"><arg name="interface" type="s" direction="in"/><arg name="properties" type="a{sv}" direction="out"/></method>
<signal name="PropertiesChanged"><arg name="interface" type="s"/><arg name="changed" type="a{sv}"/><arg name="invalidated" type="as"/></signal>
</interface>`;
const MANAGER_XML = `
<interface name="org.freedesktop.DBus.ObjectManager">
<method name="GetManagedObjects"><arg name="objects" type="a{oa{sa{sv}}}" direction="out"/></method>
<signal name="InterfacesAdded"><arg name="object" type="o"/><arg name="interfaces" type="a{sa{sv}}"/></signal>
<signal name="InterfacesRemoved"><arg name="object" type="o"/><arg name="interfaces" type="as"/></signal>
</interface>`;

const unknown = (kind: string, what: string) =>
    new BusError(`org.freedesktop.DBus.Error.Unknown${kind}`, `There is no ${kind.toLowerCase()} ${what}.`);

export class Exporter {
    readonly #bus: Bus;
    readonly #root: string;
    readonly #objects = new Map<string, Implementation>();
    readonly #ready: Promise<void>;
    readonly #toBusError: (error: unknown) => BusError;

    /** `root` is the ObjectManager's path. Calls wait for `ready`. `toBusError` names what a handler threw. */
    constructor(bus: Bus, root: string, ready: Promise<void>, toBusError: (error: unknown) => BusError) {
        this.#bus = bus;
        this.#root = root;
        this.#ready = ready;
        this.#toBusError = toBusError;
        bus.inner.addMethodHandler(message => this.#take(message));
    }

    /** Adds an object below the root and announces it. */
    export(path: string, implementation: Implementation) {
        this.#objects.set(path, implementation);
        this.#signal(this.#root, 'org.freedesktop.DBus.ObjectManager', 'InterfacesAdded', 'oa{sa{sv}}', [
            path,
            interfacesOf(implementation),
        ]);
    }

    unexport(path: string) {
        const implementation = this.#objects.get(path);
        if (!implementation) return;
        this.#objects.delete(path);
        this.#signal(this.#root, 'org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved', 'oas', [
            path,
            [implementation.description.name],
        ]);
    }

    /** Emits PropertiesChanged with the values of now. */
    changed(path: string, names?: string[]) {
        const implementation = this.#objects.get(path);
        if (!implementation) return;
        const values = Object.entries(allProperties(implementation));
        const chosen = Object.fromEntries(values.filter(([name]) => names?.includes(name) ?? true));
        this.#signal(path, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', 'sa{sv}as', [
            implementation.description.name,
            chosen,
            [],
        ]);
    }

    /** Emits a signal that the object's XML names. */
    emit(path: string, member: string, args: unknown[]) {
        const description = this.#objects.get(path)?.description;
        const signature = description?.signals.get(member);
        if (!description || signature === undefined) throw new Error(`no signal ${member} on ${path}`);
        this.#signal(path, description.name, member, signature, args);
    }

    #signal(path: string, iface: string, member: string, signature: string, args: unknown[]) {
        this.#bus.send(Message.newSignal(path, iface, member, signature, args));
    }

    #take(message: Message): boolean {
        if (message.type !== MessageType.METHOD_CALL || message.interface === 'org.freedesktop.DBus.Peer')
            return false;
        void this.#answer(message);
        return true;
    }

    async #answer(message: Message) {
        let reply: Message;
        try {
            await this.#ready;
            const [signature, args] = await this.#dispatch(message);
            reply = Message.newMethodReturn(message, signature, args);
        } catch (thrown) {
            const error = thrown instanceof BusError ? thrown : this.#toBusError(thrown);
            reply = Message.newError(message, error.errorName, error.message);
        }
        if (!(message.flags & MessageFlag.NO_REPLY_EXPECTED)) this.#bus.send(reply);
    }

    async #dispatch(message: Message): Promise<[string, unknown[]]> {
        const { path = '', interface: iface = '', member = '', signature = '' } = message;
        if (iface.startsWith('org.freedesktop.DBus.'))
            return this.#standard(path, iface, member, message.body);

        const object = this.#objects.get(path);
        if (!object) throw unknown('Object', path);
        if (iface && iface !== object.description.name) throw unknown('Interface', iface);
        const method = object.description.methods.get(member);
        const handler = object.methods[member];
        if (!method || !handler) throw unknown('Method', member);
        if (signature !== method.in) {
            const text = `${member} takes arguments of signature '${method.in}', not '${signature}'.`;
            throw new BusError('org.freedesktop.DBus.Error.InvalidArgs', text);
        }

        return [method.out, await handler(message.body)];
    }

    #standard(path: string, iface: string, member: string, body: unknown[]): [string, unknown[]] {
        const [first, second] = body.map(String);
        switch (`${iface.slice('org.freedesktop.DBus.'.length)}.${member}`) {
            case 'Introspectable.Introspect':
                return ['s', [this.#introspect(path)]];
            case 'Properties.GetAll':
                return ['a{sv}', [allProperties(this.#object(path, first))]];
            case 'Properties.Get': {
                const value = allProperties(this.#object(path, first))[second ?? ''];
                if (!value) throw unknown('Property', second ?? '');
                return ['v', [value]];
            }
            case 'Properties.Set':
                throw new BusError(
                    'org.freedesktop.DBus.Error.PropertyReadOnly',
                    'All properties are read-only.'
                );
            case 'ObjectManager.GetManagedObjects':
                if (path !== this.#root) throw unknown('Object', path);
                return ['a{oa{sa{sv}}}', [this.#managedObjects()]];
            default:
                throw unknown('Method', member);
        }
    }

    #object(path: string, iface?: string): Implementation {
        const object = this.#objects.get(path);
        if (!object) throw unknown('Object', path);
        if (iface !== object.description.name) throw unknown('Interface', iface ?? '');
        return object;
    }

    #managedObjects() {
        return Object.fromEntries([...this.#objects].map(([path, object]) => [path, interfacesOf(object)]));
    }

    #introspect(path: string): string {
        const prefix = path === '/' ? '/' : `${path}/`;
        const below = [...this.#objects.keys(), this.#root].filter(other => other.startsWith(prefix));
        const children = new Set(below.map(other => other.slice(prefix.length).split('/')[0] ?? ''));
        const own = this.#objects.get(path)?.description.xml ?? '';
        const manager = path === this.#root ? MANAGER_XML : '';
        const nodes = [...children].map(name => `<node name="${name}"/>`).join('');
        return `<node>${STANDARD_XML}${manager}${own}${nodes}</node>`;
    }
}

function allProperties({ description, properties }: Implementation): Properties {
    const entries = [...description.properties].map(([name, type]) => [
        name,
        new Variant(type, properties[name]?.()),
    ]);
    return Object.fromEntries(entries) as Properties;
}

const interfacesOf = (object: Implementation) => ({ [object.description.name]: allProperties(object) });
