/** Looking programs up, as a shell does. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The absolute folders of a PATH. */
export const foldersOf = (path: string | undefined) =>
    (path ?? '').split(delimiter).filter(folder => folder.startsWith('/'));

/** The path of the first executable file called `name` in `folders`; undefined when there is none. */
export const findExecutable = (name: string, folders: readonly string[]) =>
    folders.map(folder => join(folder, name)).find(isExecutable);

function isExecutable(path: string) {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
