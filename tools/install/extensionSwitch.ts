/** Switches the extension on and off in the user's settings, leaving all others as they are. */
import { execa } from 'execa';
import { type Env, extensionUuid } from './layout.js';

const KEY = ['org.gnome.shell', 'enabled-extensions'];

/** True when the settings now say `enabled`. False where there is no gsettings or no session bus to write through. */
export async function switchExtension(enabled: boolean, env: Env): Promise<boolean> {
    const options = { env: env as Record<string, string>, extendEnv: false, reject: false } as const;
    const { stdout, failed } = await execa('gsettings', ['get', ...KEY], options);
    if (failed) return false;

    const before = [...String(stdout).matchAll(/'([^']*)'/g)].map(match => match[1]!);
    const others = before.filter(uuid => uuid !== extensionUuid);
    const after = enabled ? [...others, extensionUuid] : others;
    if (after.length === before.length && after.every((uuid, index) => uuid === before[index])) return true;

    const list = `[${after.map(uuid => `'${uuid}'`).join(', ')}]`;
    const set = await execa('gsettings', ['set', ...KEY, after.length > 0 ? list : '@as []'], options);
    return !set.failed;
}
