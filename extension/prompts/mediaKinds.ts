/** What a person calls the types that programs name to each other. An allow-list: a type is compared here, never shown. */
export type MediaKind = 'text' | 'html' | 'rtf' | 'image' | 'files';

/** The X11 names come from programs and toolkits that still offer them on Wayland. */
const kinds: ReadonlyMap<string, MediaKind> = new Map(
    Object.entries({
        text: ['text/plain', 'utf8_string', 'string', 'text', 'compound_text'],
        html: ['text/html', 'application/xhtml+xml'],
        rtf: ['text/rtf', 'text/richtext', 'application/rtf'],
        image: ['png', 'jpeg', 'bmp', 'gif', 'webp', 'tiff', 'avif', 'jxl', 'svg+xml'].map(
            format => `image/${format}`
        ),
        files: [
            'text/uri-list',
            'x-special/gnome-copied-files',
            'application/vnd.portal.files',
            'application/vnd.portal.filetransfer',
        ],
    }).flatMap(([kind, types]) => types.map(type => [type, kind as MediaKind]))
);

/** The kind of a media type, whatever its parameters (`;charset=…`); null when it is not one of the list. */
export function kindOf(untrustedType: string): MediaKind | null {
    const type = untrustedType.replace(/;.*/su, '');
    return kinds.get(type.trim().toLowerCase()) ?? null;
}
