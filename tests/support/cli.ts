/** The installed `bulkhead` command, run as a desktop entry runs it: in the session, without a terminal. */
import { join } from 'node:path';
import { execa } from 'execa';
import type { DesktopSession } from '../../tools/desktop/session.js';

export interface CliResult {
    status: number | undefined;
    stdout: string;
    stderr: string;
}

export async function runCli({ env }: DesktopSession, ...args: string[]): Promise<CliResult> {
    const command = join(env.HOME!, '.local/bin/bulkhead');
    const { exitCode, stdout, stderr } = await execa(command, args, {
        env: env as Record<string, string>,
        extendEnv: false,
        stdin: 'ignore',
        reject: false,
    });
    return { status: exitCode, stdout, stderr };
}
