/** Shows a person what is being done, how far it is and how long it took: one line a step, rewritten on a terminal. */

export type Report = (detail: string) => void;

const heartbeat = 15_000;
const seconds = (since: number) => `${Math.round((Date.now() - since) / 1000)} s`;

/**
 * Runs one step and shows it. `expected` is what it takes on a common machine, as text for a person;
 * `work` gets a function that replaces the detail shown. Rethrows what `work` throws.
 */
export async function step<T>(
    title: string,
    expected: string,
    work: (report: Report) => Promise<T>
): Promise<T> {
    const started = Date.now();
    const live = process.stdout.isTTY;
    let detail = '';

    const line = () => `  ${title} … ${seconds(started)} (takes ${expected}) ${detail}`;
    const draw = () => {
        if (live) process.stdout.write(`\r\x1b[K${line().slice(0, (process.stdout.columns ?? 100) - 1)}`);
        else console.log(line());
    };

    draw();
    const timer = setInterval(draw, live ? 1000 : heartbeat);
    try {
        const result = await work(text => {
            detail = `— ${text}`;
        });
        finish(`✓ ${title} (${seconds(started)})`);
        return result;
    } catch (error) {
        finish(`✗ ${title} (${seconds(started)})`);
        throw error;
    } finally {
        clearInterval(timer);
    }

    function finish(text: string) {
        if (live) process.stdout.write('\r\x1b[K');
        console.log(text);
    }
}
