/** Node itself is the program and the loader here: what it links and loads is real. */
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standInLibrary, undefinedSymbols } from '../../../src/images/standInLibrary.js';
import { temporary } from './roots.js';

test('the symbols that a program needs from its libraries are found', async () => {
    const symbols = undefinedSymbols(await readFile(process.execPath));
    expect(symbols).toContain('__libc_start_main');
    expect(symbols).not.toContain('main');
});

test('the dynamic loader takes a stand-in and finds each symbol; calling one returns 0', async () => {
    const folder = await temporary();
    try {
        const path = join(folder, 'libstub.so.1');
        await writeFile(path, standInLibrary('libstub.so.1', ['first_one', 'second_one', 'last_one']));
        const program = `
            const library = require('koffi').load(${JSON.stringify(path)});
            const functions = ['first_one', 'second_one', 'last_one'].map(name => library.func('int ' + name + '()'));
            console.log(functions.map(call => call()).join());`;
        expect((await execa(process.execPath, ['-e', program])).stdout).toBe('0,0,0');
    } finally {
        await rm(folder, { recursive: true });
    }
});
