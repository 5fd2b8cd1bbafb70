/** The symbolic emblems that ship with the extension. */
import Gio from 'gi://Gio';

import type { Emblem as DomainEmblem } from '../attribution/registration.js';

/** The emblems of domains, and our own. */
export type Emblem = DomainEmblem | 'bulkhead';

/** Makes icons from the extension's `emblems/` folder. */
export type EmblemIcons = (emblem: Emblem) => Gio.Icon;

/** Icons from the folder of an installed extension. */
export const emblemIcons =
    (extensionDir: Gio.File): EmblemIcons =>
    emblem =>
        new Gio.FileIcon({ file: extensionDir.get_child('emblems').get_child(`${emblem}-symbolic.svg`) });
