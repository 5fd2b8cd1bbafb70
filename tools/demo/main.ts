/** `npm start`, inside the desktop root: brings the desktop up, tells the story, prints where the time went. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../src/shared/errors.js';
import { installedSession } from '../desktop/installed.js';
import { startedVariable } from '../desktop/mounts.js';
import { table } from './table.js';
import { tellStory } from './story.js';

/** Where the checkout's out/demo is mounted, and what the person calls it. */
const pictures = '/mnt/out/demo';
const shownAs = 'out/demo';

async function main() {
    console.log('Starting GNOME Shell, the extension and the daemon …');
    const started = Date.now();
    const session = installedSession({ logs: '/mnt/out/logs/demo' });
    await session.start();
    await rm(pictures, { recursive: true, force: true });
    await mkdir(pictures, { recursive: true });
    console.log(
        `The desktop is up after ${((Date.now() - started) / 1000).toFixed(1)} s. Now, as a person would:\n`
    );

    const story = await tellStory(session, { pictures, shownAs });
    const began = Number(process.env[startedVariable] ?? started);
    const secondsToFirstWindow = Math.round((story.firstFrame - began) / 100) / 10;
    const timing = { starts: story.starts, pictures: story.pictures, secondsToFirstWindow };
    await writeFile(join(pictures, 'timing.json'), `${JSON.stringify(timing, null, 2)}\n`);
    console.log(
        `\n${table(story.starts)}\n\nFrom the command to the first framed window: ${secondsToFirstWindow} s, set-up included.\nThe same as JSON: ${shownAs}/timing.json`
    );

    if (process.stdout.isTTY && process.stdin.isTTY) {
        console.log('\nThe desktop stays up. Press Ctrl-C to end it.');
        await new Promise(resolve => process.once('SIGINT', resolve));
    }
    await session.stop();
}

main().then(
    () => process.exit(0),
    (error: unknown) => {
        console.error(`\nThe demo stopped: ${describeError(error)}\nLogs: out/logs/demo`);
        process.exit(1);
    }
);
