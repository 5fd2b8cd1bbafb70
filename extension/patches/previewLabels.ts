/** Names the domain on window previews in the overview, where the frame is too small to read. */
import Clutter from 'gi://Clutter';
import Graphene from 'gi://Graphene';
import type Meta from 'gi://Meta';
import type St from 'gi://St';

import { DomainChip } from '../borders/domainChip.js';
import type { EmblemIcons } from '../borders/emblem.js';
import type { MarkStyle } from '../borders/style.js';
import { createInjectionManager, previewMaker, type WindowPreview } from '../compat.js';

export class PreviewLabels {
    readonly #styleOf: (metaWindow: Meta.Window) => MarkStyle | null;
    readonly #icons: EmblemIcons;
    readonly #injections = createInjectionManager();
    readonly #labels = new Set<St.Widget>();

    /** `styleOf` is asked for each preview; null leaves it plain. */
    constructor(styleOf: (metaWindow: Meta.Window) => MarkStyle | null, icons: EmblemIcons) {
        this.#styleOf = styleOf;
        this.#icons = icons;
    }

    enable() {
        const decorate = (preview: WindowPreview) => this.#decorate(preview);
        this.#injections.overrideMethod(
            previewMaker,
            '_addWindowClone',
            original =>
                function (this: typeof previewMaker, metaWindow: Meta.Window) {
                    const preview = original.call(this, metaWindow) as WindowPreview;
                    decorate(preview);
                    return preview;
                }
        );
    }

    disable() {
        this.#injections.clear();
        for (const label of this.#labels) label.destroy();
    }

    #decorate(preview: WindowPreview) {
        const style = this.#styleOf(preview.metaWindow);
        if (!style) return;

        const label = new DomainChip(style, this.#icons, 'bulkhead-preview-label');
        label.name = 'bulkhead-preview-label';
        for (const constraint of onTopEdge(preview.window_container)) label.add_constraint(constraint);
        preview.add_child(label);
        this.#labels.add(label);
        label.connect('destroy', () => this.#labels.delete(label));
    }
}

/** Centred on the upper edge of `source`, as the close button is on its corner. */
function onTopEdge(source: Clutter.Actor): Clutter.Constraint[] {
    return [
        new Clutter.BindConstraint({ source, coordinate: Clutter.BindCoordinate.POSITION }),
        new Clutter.AlignConstraint({ source, align_axis: Clutter.AlignAxis.X_AXIS, factor: 0.5 }),
        new Clutter.AlignConstraint({
            source,
            align_axis: Clutter.AlignAxis.Y_AXIS,
            pivot_point: new Graphene.Point({ x: -1, y: 0.5 }),
            factor: 0,
        }),
    ];
}
