/** Lets at most `size` of the works handed to it run at once; the others wait their turn, in order. */
export function pool(size: number) {
    let free = size;
    const waiting: (() => void)[] = [];
    return async <T>(work: () => Promise<T>): Promise<T> => {
        if (free > 0) free--;
        else await new Promise<void>(resolve => waiting.push(resolve));
        try {
            return await work();
        } finally {
            const next = waiting.shift();
            if (next) next();
            else free++;
        }
    };
}
