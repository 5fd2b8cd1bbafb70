/** The words of each prompt. Only ours: app and domain names come from the registration, guest text only through quote(). */
import { kindOf } from './mediaKinds.js';
import { quote } from './quote.js';

/** The permissions that can be asked for (DESIGN.md); a resource that is not here is denied unseen. */
export const resources = ['clipboard-read', 'fullscreen'] as const;
export type Resource = (typeof resources)[number];

export const isResource = (word: string): word is Resource => (resources as readonly string[]).includes(word);

export interface Words {
    /** What is asked, as a question. */
    title: string;
    /** What a yes means, in one line. */
    consequence: string;
    /** More about what is asked for, the app's own words in quotation marks; null when there is nothing to say. */
    detail: string | null;
}

type Translate = (text: string) => string;

/** Puts names into a translated template. A name that looks like a placeholder stays as it is. */
const fill = (template: string, names: Record<string, string>) =>
    template.replace(/\{(\w+)\}/g, (whole, key: string) => names[key] ?? whole);

/** Who asks, and for what. */
export interface Subject {
    app: string;
    domain: string;
    /** For clipboard-read, the wanted type as programs name it. */
    untrustedDetail: string;
}

/** What a prompt for `resource` says. `_` translates. */
export function wordsFor(resource: Resource, subject: Subject, _: Translate): Words {
    const { app, domain, untrustedDetail } = subject;
    const detail = quote(untrustedDetail);
    const names = { app, domain, detail };
    switch (resource) {
        case 'clipboard-read':
            return {
                title: fill(_('Paste into {app}?'), names),
                consequence: fill(
                    _('{app} in {domain} would be able to read what you copied elsewhere.'),
                    names
                ),
                detail: detail ? fill(wanted(untrustedDetail, _), names) : null,
            };
        case 'fullscreen':
            return {
                title: fill(_('Let {app} fill the screen?'), names),
                consequence: _(
                    'In fullscreen an app can imitate the desktop. Press Super to see whose window it is.'
                ),
                detail: detail ? fill(_('{app} says: {detail}'), names) : null,
            };
    }
}

/** Whole sentences: in other languages what is asked for changes the words around it. */
function wanted(untrustedType: string, _: Translate) {
    switch (kindOf(untrustedType)) {
        case 'text':
            return _('It asks for text.');
        case 'html':
            return _('It asks for formatted text (HTML).');
        case 'rtf':
            return _('It asks for formatted text (RTF).');
        case 'image':
            return _('It asks for an image.');
        case 'files':
            return _('It asks for files.');
        case null:
            return _('It asks for what it calls {detail}.');
    }
}
