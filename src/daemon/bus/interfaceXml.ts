/**
 * Reads introspection XML: the one place where the signatures of our interfaces are written (dbus/*.xml).
 * The XML is our own; what the standard does not allow is a programming error and throws.
 */
import { SaxesParser } from 'saxes';

export interface MethodDescription {
    in: string;
    out: string;
}

/** One interface: signatures by member name, and the XML that Introspect answers with. */
export interface InterfaceDescription {
    name: string;
    methods: ReadonlyMap<string, MethodDescription>;
    signals: ReadonlyMap<string, string>;
    /** Property name to type. All our properties are read-only. */
    properties: ReadonlyMap<string, string>;
    xml: string;
}

/** Parses a document that holds exactly one interface. */
export function parseInterface(document: string): InterfaceDescription {
    const methods = new Map<string, MethodDescription>();
    const signals = new Map<string, string>();
    const properties = new Map<string, string>();
    const names: string[] = [];
    let member = '';

    const parser = new SaxesParser();
    parser.on('opentag', ({ name: tag, attributes }) => {
        const { name = '', type = '', direction } = attributes as Record<string, string>;
        if (tag === 'interface') names.push(name);
        if (tag === 'method') methods.set((member = name), { in: '', out: '' });
        if (tag === 'signal') signals.set((member = name), '');
        if (tag === 'property') properties.set(name, type);
        if (tag !== 'arg') return;
        const method = methods.get(member);
        if (!method) signals.set(member, `${signals.get(member)}${type}`);
        else if (direction === 'out') method.out += type;
        else method.in += type;
    });
    parser.write(document).close();

    const [name, ...others] = names;
    if (!name || others.length > 0) throw new Error('introspection XML must hold exactly one interface');

    const xml = /<interface[^]*<\/interface>/.exec(document)?.[0] ?? '';
    return { name, methods, signals, properties, xml };
}
