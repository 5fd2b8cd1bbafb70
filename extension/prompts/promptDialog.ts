/**
 * One question to the person. Deny is first, default and Escape, and always possible. Nothing can be granted until the dialog
 * has been visible for a while, so that a click or key meant for something else cannot grant it.
 */
import Clutter from 'gi://Clutter';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Pango from 'gi://Pango';
import St from 'gi://St';

import { gettext as _ } from 'resource:///org/gnome/shell/extensions/extension.js';
import { ModalDialog } from 'resource:///org/gnome/shell/ui/modalDialog.js';

import type { Registration } from '../attribution/registration.js';
import { DomainChip } from '../borders/domainChip.js';
import type { EmblemIcons } from '../borders/emblem.js';
import { domainStyle } from '../borders/style.js';
import { addDialogButton, closeDialog, messageContent, wrapAnywhere } from '../compat.js';
import { LengthChooser } from './lengthChooser.js';
import type { Decision } from './queue.js';
import type { PromptRequest } from './request.js';
import { wordsFor } from './texts.js';

/** How long a dialog is seen before it takes an answer, in ms: a double click and a word being typed are over by then. */
const armDelay = 1000;

export class PromptDialog extends ModalDialog {
    static {
        GObject.registerClass({ GTypeName: 'BulkheadPromptDialog' }, this);
    }

    readonly #answer: (decision: Decision) => void;
    readonly #lengths: LengthChooser;
    readonly #deny: St.Button;
    readonly #allow: St.Button;
    #armSource = 0;

    /** `answer` is called at most once, with the person's decision. */
    constructor(
        request: PromptRequest,
        registration: Registration,
        icons: EmblemIcons,
        answer: (decision: Decision) => void
    ) {
        super({ styleClass: 'bulkhead-prompt-dialog' });
        this.name = 'bulkhead-prompt';
        this.#answer = answer;
        this.#lengths = new LengthChooser(length => this.#allow.set_label(allowLabel(length)));
        this.#build(request, registration, icons);
        this.#deny = addDialogButton(this, {
            label: _('Deny'),
            action: () => this.#decide('deny'),
            key: Clutter.KEY_Escape,
            default: true,
        });
        this.#deny.name = 'bulkhead-deny';
        this.#allow = addDialogButton(this, {
            label: allowLabel('once'),
            action: () => this.#decide(this.#lengths.length),
        });
        this.#allow.name = 'bulkhead-allow';
        this.#disarm();
        this.connect('opened', () => this.#armLater());
        this.connect('destroy', () => this.#stopArming());
    }

    /** Closes it without an answer. */
    dismiss() {
        this.#stopArming();
        closeDialog(this);
    }

    #build(request: PromptRequest, registration: Registration, icons: EmblemIcons) {
        const { appName, domain } = registration;
        const subject = { app: appName, domain: domain.name, untrustedDetail: request.untrustedDetail };
        const { title, consequence, detail } = wordsFor(request.resource, subject, _);
        this.accessible_name = `${title} ${domain.name}`;

        const chip = new DomainChip(domainStyle(domain, false), icons, 'bulkhead-prompt-chip');
        chip.x_align = Clutter.ActorAlign.CENTER;
        const body = new St.BoxLayout({
            vertical: true,
            style_class: 'bulkhead-prompt-body',
            x_expand: true,
        });
        body.add_child(chip);
        body.add_child(messageContent(title, consequence));

        if (detail) body.add_child(detailLabel(detail));
        body.add_child(this.#lengths);
        this.contentLayout.add_child(body);
    }

    /** What a click or key meant for something else must not reach. Denying is always possible. */
    #granting() {
        return [this.#allow, ...this.#lengths.buttons];
    }

    #disarm() {
        for (const button of this.#granting()) setArmed(button, false);
        // Until it is armed, keys go to the dialog itself, which does nothing with them.
        this.setInitialKeyFocus(this.dialogLayout);
    }

    #armLater() {
        this.#armSource = GLib.timeout_add(GLib.PRIORITY_DEFAULT, armDelay, () => {
            this.#armSource = 0;
            for (const button of this.#granting()) setArmed(button, true);
            this.#deny.grab_key_focus();
            return GLib.SOURCE_REMOVE;
        });
    }

    #stopArming() {
        if (this.#armSource) GLib.source_remove(this.#armSource);
        this.#armSource = 0;
    }

    #decide(decision: Decision) {
        this.#stopArming();
        closeDialog(this);
        this.#answer(decision);
    }
}

function setArmed(button: St.Button, armed: boolean) {
    button.reactive = armed;
    button.can_focus = armed;
}

function allowLabel(length: Decision) {
    if (length === 'always') return _('Always Allow');

    return length === 'while-running' ? _('Allow While Running') : _('Allow Once');
}

function detailLabel(text: string) {
    const label = new St.Label({ text, style_class: 'bulkhead-prompt-quote' });
    label.clutter_text.line_wrap = true;
    wrapAnywhere(label.clutter_text);
    label.clutter_text.ellipsize = Pango.EllipsizeMode.NONE;
    return label;
}
