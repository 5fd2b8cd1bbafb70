/** Which windows are small companions of another one. */
import Meta from 'gi://Meta';

const popupTypes: readonly Meta.WindowType[] = [
    Meta.WindowType.MENU,
    Meta.WindowType.DROPDOWN_MENU,
    Meta.WindowType.POPUP_MENU,
    Meta.WindowType.TOOLTIP,
    Meta.WindowType.COMBO,
    Meta.WindowType.DND,
];

/** Menus, popovers and tooltips (xdg_popup arrives as DROPDOWN_MENU); dialogs are windows in their own right. */
export const isPopup = (metaWindow: Meta.Window) => popupTypes.includes(metaWindow.get_window_type());
