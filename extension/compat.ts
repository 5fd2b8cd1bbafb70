/**
 * Every difference between GNOME 45 and 51 that we meet, everything private of the shell that we touch, and the casts
 * that the types (of 45) need for it. Nothing else in extension/ asks for a version.
 */
import type Clutter from 'gi://Clutter';
import type Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import type Meta from 'gi://Meta';
import Pango from 'gi://Pango';
import type St from 'gi://St';

import type { ModalDialog } from 'resource:///org/gnome/shell/ui/modalDialog.js';
import * as Dialog from 'resource:///org/gnome/shell/ui/dialog.js';
import * as ExtensionModule from 'resource:///org/gnome/shell/extensions/extension.js';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';
import * as MessageTray from 'resource:///org/gnome/shell/ui/messageTray.js';
import type { SystemIndicator } from 'resource:///org/gnome/shell/ui/quickSettings.js';
// @ts-expect-error the types of 45 lack this module
import { Workspace } from 'resource:///org/gnome/shell/ui/workspace.js';

/** A Wayland connection. */
export type WaylandClient = GObject.Object;

/** The connection that a window belongs to: GNOME 49 and newer, else null. One object for all windows of a connection. */
export const clientOf = (metaWindow: Meta.Window) =>
    (metaWindow as unknown as { client?: WaylandClient | null }).client ?? null;

/** The sandbox id that Mutter read from the client's root when the window was created; null for ordinary clients. */
export const sandboxIdOf = (metaWindow: Meta.Window) => metaWindow.get_sandboxed_app_id() as string | null;

/** The window's actor. It exists from `window-created` until after `unmanaged`. */
export const actorOf = (metaWindow: Meta.Window) =>
    metaWindow.get_compositor_private() as Meta.WindowActor | null;

/**
 * The actor that holds all of a client's surfaces. Found by its private type: a fullscreen client with a small buffer
 * has a black actor below it, so the first child will not do (GNOME.md 2.2).
 */
export const surfaceContainerOf = (actor: Clutter.Actor) =>
    actor
        .get_children()
        .find(
            child =>
                GObject.type_name((child.constructor as unknown as { $gtype: GObject.GType }).$gtype) ===
                'MetaSurfaceContainerActorWayland'
        );

/** Opens a dialog. Until 49 the grab can be refused, which counts as not opened; 45 takes arguments that it defaults. */
export const openDialog = (dialog: ModalDialog) =>
    (dialog as unknown as { open(): boolean | undefined }).open() !== false;

export const closeDialog = (dialog: ModalDialog) => (dialog as unknown as { close(): void }).close();

interface ButtonInfo {
    label: string;
    action: () => void;
    key?: number;
    default?: boolean;
}

/** Adds a button to a dialog; buttons stand in the order they are added. */
export const addDialogButton = (dialog: ModalDialog, info: ButtonInfo) =>
    dialog.addButton(info) as unknown as St.Button;

/** A dialog's title and text, both plain text. */
export function messageContent(title: string, description: string): St.BoxLayout {
    const Content = Dialog.MessageDialogContent as unknown as new (params: object) => St.BoxLayout;
    return new Content({ title, description });
}

/** Breaks lines within words where need be (Clutter's and Pango's types name two different Pangos). */
export const wrapAnywhere = (text: Clutter.Text) =>
    (text.line_wrap_mode = Pango.WrapMode.WORD_CHAR as unknown as Clutter.Text['line_wrap_mode']);

/** 46 rewrote the message tray: constructors take an object, and a source has an icon of its own. */
const hasNewTray = 'addNotification' in MessageTray.Source.prototype;

/** A source of notifications, to be added to the message tray. Its notifications are plain text. */
export function createNotificationSource(title: string, icon: Gio.Icon): MessageTray.Source {
    if (hasNewTray) {
        const Source = MessageTray.Source as unknown as new (params: object) => MessageTray.Source;
        return new Source({ title, icon });
    }

    const source = new MessageTray.Source(title, '');
    source.getIcon = () => icon;
    return source;
}

/** Shows a notification of a source that is in the message tray: as a banner, then in the list. */
export function notify(source: MessageTray.Source, title: string, body: string): MessageTray.Notification {
    if (hasNewTray) {
        const Notification = MessageTray.Notification as unknown as new (
            params: object
        ) => MessageTray.Notification;
        const notification = new Notification({ source, title, body });
        (source as unknown as { addNotification(n: MessageTray.Notification): void }).addNotification(
            notification
        );
        return notification;
    }

    const notification = new MessageTray.Notification(source, title, body);
    source.showNotification(notification);
    return notification;
}

/** Adds an icon to the system indicator. */
export const addIndicatorIcon = (indicator: SystemIndicator) =>
    (indicator as unknown as { _addIndicator(): St.Icon })._addIndicator();

/** Puts an indicator and its tiles into the panel and Quick Settings. */
export const addExternalIndicator = (indicator: SystemIndicator) =>
    (
        Main.panel.statusArea.quickSettings as unknown as { addExternalIndicator(i: SystemIndicator): void }
    ).addExternalIndicator(indicator);

/** Adds an actor after the others on the left of the top bar. */
export const addToPanelLeft = (actor: Clutter.Actor) =>
    (Main.panel as unknown as { _leftBox: Clutter.Actor })._leftBox.add_child(actor);

/** Undoes overrides of the shell's methods (missing in the types of 45). */
export interface InjectionManager {
    overrideMethod<T extends object, K extends keyof T & string>(
        prototype: T,
        method: K,
        wrap: (original: T[K]) => T[K]
    ): void;
    clear(): void;
}

export const createInjectionManager = () =>
    new (ExtensionModule as unknown as { InjectionManager: new () => InjectionManager }).InjectionManager();

/** What we use of a cairo context. */
export interface Pen {
    setSourceRGBA(red: number, green: number, blue: number, alpha: number): void;
    rectangle(x: number, y: number, width: number, height: number): void;
    fill(): void;
    $dispose(): void;
}

/** The context of a drawing area that is being repainted; to be disposed of at the end. */
export const penOf = (area: St.DrawingArea) => area.get_context() as unknown as Pen;

/** What we use of the overview's WindowPreview. */
export type WindowPreview = St.Widget & { metaWindow: Meta.Window; window_container: Clutter.Actor };

/** The prototype that makes window previews. */
export const previewMaker = Workspace.prototype as unknown as {
    _addWindowClone(metaWindow: Meta.Window): WindowPreview;
};
