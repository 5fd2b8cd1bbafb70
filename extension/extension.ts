/**
 * The extension: marks windows, asks the person, lists what runs. enable() builds the parts so that windows are marked
 * before the bus name says so; disable() takes them down in the opposite order and leaves nothing behind.
 */
import type Meta from 'gi://Meta';

import { Extension } from 'resource:///org/gnome/shell/extensions/extension.js';

import { processStart } from './attribution/processStart.js';
import { BadRecord, type Registration } from './attribution/registration.js';
import { Registry } from './attribution/registry.js';
import type { Verdict } from './attribution/verdict.js';
import { WindowAttribution } from './attribution/windows.js';
import { emblemIcons } from './borders/emblem.js';
import { Frames, styleOf } from './borders/frames.js';
import { actorOf } from './compat.js';
import { ManagerClient } from './daemon/managerClient.js';
import { ShellService } from './daemon/shellService.js';
import { FailureNotices } from './failures/notices.js';
import { FocusPill } from './indicator/focusPill.js';
import { Indicator } from './indicator/indicator.js';
import { PreviewLabels } from './patches/previewLabels.js';
import { Prompter } from './prompts/prompter.js';

/** The parts of an enabled extension. */
class Parts {
    readonly #registry = new Registry(processStart);
    readonly #frames: Frames;
    readonly #attribution: WindowAttribution;
    readonly #previews: PreviewLabels;
    readonly #prompter: Prompter;
    readonly #pill: FocusPill;
    readonly #indicator: Indicator;
    readonly #failures: FailureNotices;
    readonly #manager: ManagerClient;
    readonly #service: ShellService;

    constructor(extension: Extension) {
        const icons = emblemIcons(extension.dir);
        const icon = icons('bulkhead');
        this.#frames = new Frames(icons);
        this.#attribution = new WindowAttribution(this.#registry, (metaWindow, verdict) =>
            this.#judged(metaWindow, verdict)
        );
        const markOf = (metaWindow: Meta.Window) => styleOf(this.#attribution.verdictOf(metaWindow), false);
        this.#previews = new PreviewLabels(markOf, icons);
        this.#pill = new FocusPill(markOf, icons);
        this.#prompter = new Prompter(this.#registry, icons);
        this.#indicator = new Indicator(icon, icons, path => this.#manager.stopInstance(path));
        this.#failures = new FailureNotices(icon);
        this.#manager = new ManagerClient({
            instancesChanged: instances => {
                this.#indicator.showInstances(instances);
                this.#failures.showInstances(instances);
            },
            vanished: () => this.#managerVanished(),
        });
        this.#service = new ShellService(extension.metadata['version-name'] ?? '', {
            register: registration => this.#register(registration),
            unregister: instance => this.#unregister(instance),
            ask: request => this.#prompter.ask(request),
            withdraw: id => this.#prompter.withdraw(id),
        });
    }

    start() {
        this.#frames.start();
        this.#attribution.start();
        this.#previews.enable();
        this.#prompter.start();
        this.#manager.start();
        this.#service.start();
    }

    stop() {
        this.#prompter.stop();
        this.#service.stop();
        this.#manager.stop();
        this.#failures.destroy();
        this.#indicator.destroy();
        this.#pill.destroy();
        this.#previews.disable();
        this.#attribution.stop();
        this.#frames.stop();
        for (const actor of global.get_window_actors()) actor.disconnectObject(this);
    }

    #register(registration: Registration) {
        if (!this.#registry.isAlive(registration)) throw new BadRecord('There is no such process');

        this.#registry.add(registration);
        this.#attribution.reconsider();
    }

    #unregister(instance: string) {
        this.#registry.remove(instance);
        this.#prompter.forget(instance);
    }

    /** Instances outlive the daemon; one that died under them is started again. */
    #managerVanished() {
        this.#prompter.cancelAll();
        this.#registry.prune();
        if (this.#registry.size > 0) this.#manager.restart();
    }

    #judged(metaWindow: Meta.Window, verdict: Verdict) {
        this.#frames.mark(metaWindow, verdict);
        this.#pill.sync();
        if (verdict.kind !== 'instance') return;

        const { instance } = verdict.registration;
        actorOf(metaWindow)?.connectObject(
            'first-frame',
            () => this.#service.windowShown(instance, Date.now()),
            this
        );
    }
}

export default class BulkheadExtension extends Extension {
    #parts: Parts | null = null;

    override enable() {
        this.#parts = new Parts(this);
        this.#parts.start();
    }

    override disable() {
        this.#parts?.stop();
        this.#parts = null;
    }
}
