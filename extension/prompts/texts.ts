/** The words of each prompt. Only ours: app and domain names come from the registration, guest text only through quote(). */

/** The permissions that can be asked for (DESIGN.md); a resource that is not here is denied unseen. */
export const resources = ['clipboard-read', 'fullscreen'] as const;
export type Resource = (typeof resources)[number];

export const isResource = (word: string): word is Resource => (resources as readonly string[]).includes(word);

export interface Words {
    /** What is asked, as a question. */
    title: string;
    /** What a yes means, in one line. */
    consequence: string;
    /** Introduces the app's own words, already quoted; null when there are none. */
    detail: string | null;
}

type Translate = (text: string) => string;

/** Puts names into a translated template. A name that looks like a placeholder stays as it is. */
const fill = (template: string, names: Record<string, string>) =>
    template.replace(/\{(\w+)\}/g, (whole, key: string) => names[key] ?? whole);

/** Who asks, and for what. `detail` is quoted guest text, or empty. */
export interface Subject {
    app: string;
    domain: string;
    detail: string;
}

/** What a prompt for `resource` says. `_` translates. */
export function wordsFor(resource: Resource, subject: Subject, _: Translate): Words {
    const { app, domain, detail } = subject;
    const names = { app, domain, detail };
    switch (resource) {
        case 'clipboard-read':
            return {
                title: fill(_('Paste into {app}?'), names),
                consequence: fill(
                    _('{app} in {domain} would be able to read what you copied elsewhere.'),
                    names
                ),
                detail: detail ? fill(_('It asks for {detail}.'), names) : null,
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
