/** The parts of QuickJS's own modules that the agent uses (quickjs 2025-04-26, its manual's sections 3.3.2 and 3.3.3). */
declare module 'std' {
    export interface File {
        puts(text: string): void;
        flush(): void;
        close(): void;
        getline(): string | null;
    }
    /** Null when the file cannot be opened. */
    export function open(path: string, flags: string): File | null;
    export function fdopen(fd: number, flags: string): File | null;
    export function getenviron(): Record<string, string>;
}

declare module 'os' {
    export const O_RDWR: number;
    export const WNOHANG: number;
    export const SIGTERM: number;
    export const SIGCHLD: number;
    export const SIGPIPE: number;
    export function open(path: string, flags: number): number;
    export function close(fd: number): number;
    /** Bytes read, 0 at the end, negative errno on failure. */
    export function read(fd: number, buffer: ArrayBuffer, offset: number, length: number): number;
    export function pipe(): [number, number] | null;
    export function setReadHandler(fd: number, handler: (() => void) | null): void;
    export function signal(signal: number, handler: (() => void) | null): void;
    /** Milliseconds of a clock that nobody sets. */
    export function now(): number;
    export function setTimeout(handler: () => void, milliseconds: number): object;
    /** The child's pid with `block: false`. Descriptors above 2 are closed in the child. */
    export function exec(
        argv: readonly string[],
        options: {
            block: false;
            stdin?: number;
            stdout?: number;
            stderr?: number;
            env?: Record<string, string>;
        }
    ): number;
    /** [pid, wait status]; pid 0 when nothing ended, negative errno on failure. */
    export function waitpid(pid: number, options: number): [number, number];
    export function kill(pid: number, signal: number): number;
}
