/** wl_display: the compositor frees ids. */
import type { Handlers } from './index.js';

export const displayEvents: Handlers = {
    'wl_display.delete_id': half => {
        half.objects.delete(half.args.uint(0));
        return 'forward';
    },
};
