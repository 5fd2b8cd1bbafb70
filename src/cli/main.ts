/** bulkhead: parses the command line, runs one command, prints, exits 0, 1 or 2. */
import { parseArgs } from 'node:util';
import { describeError, sentenceOf } from '../shared/errors.js';
import { commands } from './commands.js';
import { help, parse } from './usage.js';

function wrongUsage(message: string): never {
    process.stderr.write(`bulkhead: ${message}. See "bulkhead --help".\n`);
    process.exit(2);
}

function commandLine() {
    try {
        const options = { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } } as const;
        return parseArgs({ options, allowPositionals: true });
    } catch (error) {
        return wrongUsage(describeError(error));
    }
}

/** D-Bus 64-bit integers are bigints, and all of ours are times or sizes that a number holds. */
const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

const { values, positionals } = commandLine();
if (values.help) {
    process.stdout.write(help(commands, positionals));
} else {
    const parsed = parse(commands, positionals);
    if (parsed.kind === 'wrong') wrongUsage(parsed.message);
    try {
        const { data, text } = await parsed.command.run(parsed.operands);
        process.stdout.write(values.json ? `${JSON.stringify(data, plain, 2)}\n` : text);
    } catch (error) {
        process.stderr.write(`bulkhead: ${sentenceOf(error)}\n`);
        process.exitCode = 1;
    }
}
