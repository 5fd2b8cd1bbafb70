/**
 * The steps of the demo, in order, each ending in a picture: two apps of two domains are found in Activities and
 * started; one wants to paste what was copied elsewhere, is denied, asks again and is allowed.
 */
import { join } from 'node:path';
import { named } from '../desktop/hands.js';
import type { DesktopSession } from '../desktop/session.js';
import { ManagerClient } from '../desktop/manager.js';
import { Prompt } from '../desktop/prompt.js';
import { until } from '../desktop/wait.js';
import { startOf, type Start } from './table.js';

/** A guest under TCG on a busy machine may take this long to its first frame, in ms. */
const firstFrameDeadline = 90_000;

export interface Story {
    starts: Start[];
    pictures: { file: string; shows: string }[];
    /** When the first app showed its first frame, in ms since the epoch. */
    firstFrame: number;
}

export async function tellStory(
    session: DesktopSession,
    outside: { pictures: string; shownAs: string }
): Promise<Story> {
    const { shell, hands } = session;
    const manager = new ManagerClient(session);
    const prompt = new Prompt(shell, hands);
    const starts: Start[] = [];
    const pictures: Story['pictures'] = [];

    const picture = async (name: string, shows: string, quiet?: number) => {
        const file = `${String(pictures.length + 1).padStart(2, '0')}-${name}.png`;
        await shell.settled(quiet);
        await shell.screenshot(join(outside.pictures, file));
        pictures.push({ file: join(outside.shownAs, file), shows });
        console.log(`  ${join(outside.shownAs, file)}  ${shows}`);
        return join(outside.shownAs, file);
    };

    const start = async (id: string, name: string) => {
        await hands.searchApp(name);
        await picture(`search-${id}`, `“${name}” found by typing its name in Activities`);
        const clicked = await hands.keys('Return');
        const instance = await manager.shown(id, firstFrameDeadline);
        const file = await picture(
            `window-${id}`,
            `${name}, in its own VM, in the frame of ${instance.domain}`
        );
        starts.push(startOf(instance, clicked, file));
        return instance.timing.frame!;
    };

    await hands.openActivities();
    await picture('activities', 'the desktop, in Activities');
    const firstFrame = await start('editor', 'Text Editor');
    await start('terminal', 'Terminal');

    await shell.eval(
        `St.Clipboard.get_default().set_text(St.ClipboardType.CLIPBOARD, 'copied on the host\\n');`
    );
    await hands.focus('editor');
    await hands.keys('Control_L', 'v');
    await prompt.armed();
    await picture('prompt', 'Text Editor wants to paste what was copied on the host: the shell asks');
    await prompt.escape();
    await picture('denied', 'denied with Escape: nothing was pasted');

    await hands.keys('Control_L', 'v');
    await prompt.shown();
    await prompt.answer('once');
    await shell.until(
        'the pasted text to be the document’s title',
        `return global.get_window_actors().some(a => a.meta_window.get_title()?.includes('copied on the host'));`
    );
    // A guest says its new title some time before it has drawn the text.
    await picture('allowed', 'asked again and allowed once: the text is there', 2000);

    await hands.openActivities();
    await picture('overview', 'both domains told apart in Activities');
    await hands.closeActivities();

    await hands.clickActor('the system menu', 'Main.panel.statusArea.quickSettings');
    await hands.clickActor('the Bulkhead tile', named('bulkhead-tile'));
    await picture('quick-settings', 'Quick Settings list what runs, each with Stop');
    await hands.clickActor('Stop', named('bulkhead-stop-terminal'));
    await until('the terminal to end', async () => !(await manager.instance('terminal')));
    await picture('stopped', 'the terminal was stopped: its window, VM and helpers are gone');
    return { starts, pictures, firstFrame };
}
