/** Every command: its words, its help, what it does. A command returns what to print: data for --json, text for people. */
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import { verifyImage } from '../images/verify.js';
import { sentenceOf, UserError } from '../shared/errors.js';
import { instancePath, userPaths } from '../shared/paths.js';
import { Client, type Row } from './client.js';
import { InstanceEnded, launchAndWait } from './launch.js';
import { notifyFailure } from './notification.js';
import { table } from './table.js';

export interface Output {
    data: unknown;
    text: string;
}

export interface Command {
    /** Names of the operands, all required. */
    operands: readonly string[];
    summary: string;
    run(operands: readonly string[]): Promise<Output>;
}

/** Runs `use` with a connection to the daemon and closes it whatever happens. */
async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = await Client.connect();
    try {
        return await use(client);
    } finally {
        client.close();
    }
}

function listed(rows: Row[], columns: Record<string, string>, empty: string): Output {
    if (rows.length === 0) return { data: rows, text: `${empty}\n` };
    const keys = Object.keys(columns);
    return {
        data: rows,
        text: table(
            Object.values(columns),
            rows.map(row => keys.map(key => row[key]))
        ),
    };
}

const end = (member: 'Stop' | 'Kill', done: string) => async (operands: readonly string[]) => {
    const id = operands[0] ?? '';
    await withClient(async client => {
        const path = instancePath(id);
        if (!(await client.instanceProperties(path)))
            throw new UserError(`There is no instance "${id}": see "bulkhead list".`);
        await client.endInstance(path, member);
    });
    return { data: { instance: id, state: 'stopped' }, text: `${id} was ${done}.\n` };
};

async function launch(app: string): Promise<Output> {
    try {
        const row = await withClient(client =>
            launchAndWait(client, app, Math.round(performance.timeOrigin))
        );
        return { data: row, text: `${String(row.Name)} is ${String(row.State)}.\n` };
    } catch (error) {
        // Without a notification service the sentence is still on stderr.
        if (!(await isSeen(error))) await notifyFailure(app, sentenceOf(error)).catch(() => undefined);
        throw error;
    }
}

/** Whether a person sees a failed start without our notification. */
async function isSeen(error: unknown): Promise<boolean> {
    if (process.stderr.isTTY) return true;
    return error instanceof InstanceEnded && withClient(client => client.hasExtension());
}

async function list(): Promise<Output> {
    const rows = await withClient(async client => [...(await client.instances()).values()]);
    const columns = { Id: 'INSTANCE', Name: 'APP', Domain: 'DOMAIN', State: 'STATE', Reason: 'REASON' };
    return listed(rows, columns, 'No app is running.');
}

async function status(): Promise<Output> {
    return withClient(async client => {
        const { Version, Backend, BackendReason } = await client.managerProperties();
        const extension = await client.hasExtension();
        const running = (await client.instances()).size;
        const shell = extension
            ? 'running'
            : 'not running: enable Bulkhead in the Extensions app, then log in again';
        return {
            data: {
                version: Version,
                backend: Backend,
                backendReason: BackendReason,
                extension,
                instances: running,
            },
            text: table(
                ['bulkheadd', String(Version)],
                [
                    ['VMM', BackendReason],
                    ['extension', shell],
                    ['instances', running],
                ]
            ),
        };
    });
}

async function verifyImages(): Promise<Output> {
    const paths = userPaths();
    const ids = await readdir(paths.images).catch(() => [] as string[]);
    for (const id of ids) await verifyImage(join(paths.images, id));
    if (ids.length === 0)
        throw new UserError('There is no image: run "npm run install:user" in Bulkhead\'s checkout.');
    return { data: ids, text: ids.map(id => `${id}: every file is as it was made\n`).join('') };
}

export const commands: Record<string, Command> = {
    launch: {
        operands: ['APP'],
        summary: 'start an app, or open one more window of it',
        run: ([app = '']) => launch(app),
    },
    list: { operands: [], summary: 'list what runs: one instance for each app', run: list },
    apps: {
        operands: [],
        summary: 'list the installed apps',
        run: async () => {
            const columns = { id: 'APP', name: 'NAME', domain: 'DOMAIN', comment: 'COMMENT' };
            return listed(
                await withClient(client => client.rows('ListApps')),
                columns,
                'No app is installed.'
            );
        },
    },
    stop: {
        operands: ['INSTANCE'],
        summary: 'ask a running app to end, as Stop in Quick Settings does',
        run: end('Stop', 'stopped'),
    },
    kill: {
        operands: ['INSTANCE'],
        summary: 'end a running app at once, when it does not obey',
        run: end('Kill', 'killed'),
    },
    'permissions list': {
        operands: [],
        summary: 'list what you allowed or denied for good',
        run: async () => {
            const columns = { instance: 'INSTANCE', resource: 'RESOURCE', decision: 'DECISION' };
            const rows = await withClient(client => client.rows('ListPermissions'));
            return listed(rows, columns, 'Nothing is remembered: every app asks.');
        },
    },
    'permissions forget': {
        operands: ['INSTANCE', 'RESOURCE'],
        summary: 'forget one of them, so that the app has to ask again',
        run: async ([instance = '', resource = '']) => {
            await withClient(client => client.forget(instance, resource));
            return { data: { instance, resource }, text: `${instance} will ask for ${resource} again.\n` };
        },
    },
    'image verify': {
        operands: [],
        summary: 'check that no file of the guest images is damaged',
        run: verifyImages,
    },
    status: {
        operands: [],
        summary: 'show whether daemon, virtual machines and extension work',
        run: status,
    },
};
