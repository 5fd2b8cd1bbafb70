/**
 * `npm run shell`, inside the desktop root: keeps the desktop up and obeys lines on standard input:
 * `reload`, `shot [FILE]`, `launch APP`, `list`, `quit`; anything else is evaluated in the shell.
 */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { describeError } from '../../src/shared/errors.js';
import { installedSession } from './installed.js';
import { ManagerClient } from './manager.js';
import { mounts } from './mounts.js';

const help = `  reload         copy the rebuilt extension in and restart the shell
  shot [NAME]    picture to out/shell/NAME.png
  launch APP     start an app (terminal, editor)
  list           running instances and windows
  quit           end everything
  anything else  the body of an async function in the shell, e.g.: return Main.overview.visible`;

async function main() {
    const session = installedSession({ logs: join(mounts.out, 'logs/shell') });
    await session.start();
    const manager = new ManagerClient(session);
    console.log(`The desktop is up (logs in out/logs/shell).\n${help}`);

    const commands: Record<string, (argument: string) => Promise<unknown>> = {
        help: async () => help,
        reload: () => session.reloadExtension(join(mounts.checkout, 'dist/extension')),
        shot: name => session.shell.screenshot(join(mounts.out, 'shell', `${name || 'shot'}.png`)),
        launch: app => manager.launch(app),
        list: async () => ({ instances: await manager.instances(), windows: await session.shell.windows() }),
    };

    const input = createInterface({ input: process.stdin, output: process.stdout, prompt: 'bulkhead> ' });
    input.prompt();
    for await (const line of input) {
        const [word = '', ...rest] = line.trim().split(' ');
        if (word === 'quit') break;
        const run = commands[word] ?? (() => session.shell.eval(line));
        if (line.trim()) await run(rest.join(' ')).then(value => console.log(value), report);
        input.prompt();
    }
    await session.stop();
}

function report(error: unknown) {
    console.error(describeError(error));
}

main().then(
    () => process.exit(0),
    (error: unknown) => {
        report(error);
        process.exit(1);
    }
);
