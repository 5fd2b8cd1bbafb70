/** The times of each start, from the click, for people (a table) and programs (JSON). */
import type { InstanceView } from '../desktop/manager.js';

/** Stages in the order of a start, with their column titles. */
const stages = [
    ['vmm', 'VM process'],
    ['kernel', 'kernel'],
    ['agent', 'agent ready'],
    ['app', 'app process'],
    ['frame', 'first frame'],
] as const;

export interface Start {
    app: string;
    domain: string;
    /** ms since the click, by stage; null where the stage was not seen. */
    msFromClick: Record<string, number | null>;
    picture: string;
}

/** `clicked`: ms since the epoch of the Enter that started the app. */
export function startOf(instance: InstanceView, clicked: number, picture: string): Start {
    const entries = stages.map(([stage]) => {
        const at = instance.timing[stage];
        return [stage, at === undefined ? null : Math.round(at - clicked)] as const;
    });
    return { app: instance.name, domain: instance.domain, msFromClick: Object.fromEntries(entries), picture };
}

export function table(starts: readonly Start[]) {
    const rows = [
        ['App', 'Domain', ...stages.map(([, title]) => title), 'Picture'],
        ...starts.map(({ app, domain, msFromClick, picture }) => [
            app,
            domain,
            ...stages.map(([stage]) => (msFromClick[stage] === null ? '?' : `${msFromClick[stage]}`)),
            picture,
        ]),
    ];
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
    const isNumber = (column: number) => column >= 2 && column < 2 + stages.length;
    const line = (row: string[]) =>
        row
            .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
            .join('   ')
            .trimEnd();
    return ['Milliseconds from the Enter key in Activities:', '', ...rows.map(line)].join('\n');
}
