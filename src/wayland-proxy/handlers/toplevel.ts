/** xdg_toplevel: the guest does not choose what the shell takes its window for. */
import { untrusted } from '../../shared/untrusted.js';
import { cleanText } from '../cleanText.js';
import type { Half } from '../half.js';
import { messageNamed } from '../protocol.js';
import type { Handlers } from './index.js';

const setTitle = messageNamed('xdg_toplevel', 'requests', 'set_title').opcode;
const setAppId = messageNamed('xdg_toplevel', 'requests', 'set_app_id').opcode;

function sayText({ requests: { out } }: Half['connection'], toplevel: number, opcode: number, text: string) {
    out.begin(toplevel, opcode);
    out.string(text);
    out.finish();
}

/** Gives a new toplevel its app_id, whether the guest sets one or not. */
export const announceIdentity = ({ connection, created }: Half) =>
    sayText(connection, created!.id, setAppId, connection.services.desktopId);

export const toplevelRequests: Handlers = {
    'xdg_toplevel.set_app_id': ({ connection, sender }) => {
        sayText(connection, sender.id, setAppId, connection.services.desktopId);
        return 'handled';
    },

    'xdg_toplevel.set_title': ({ connection, sender, args }) => {
        sayText(connection, sender.id, setTitle, cleanText(untrusted(args.string(0))));
        return 'handled';
    },
};
