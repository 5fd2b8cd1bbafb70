/**
 * Which globals of the compositor a guest sees, and up to which version. Everything not named here is hidden, and so is every
 * interface without a protocol table. In words:
 *
 *   A guest may draw windows, popups and subsurfaces from shared memory, see outputs and seats, take input that is meant for it,
 *   name its cursor, and own or ask for the clipboard (handlers/clipboard.ts). It may not take focus, capture input or the
 *   screen, name itself to the shell, reach another client's windows, or keep the machine awake.
 *
 * `judgedDenied` says why each of Mutter's other globals is hidden; it changes nothing.
 */
export const allowedGlobals: Readonly<Record<string, number>> = {
    wl_compositor: 6,
    wl_subcompositor: 1,
    wl_shm: 2,
    wl_seat: 9,
    wl_output: 4,
    wl_data_device_manager: 3,
    xdg_wm_base: 7,
    xdg_wm_dialog_v1: 1,
    zxdg_output_manager_v1: 3,
    wp_viewporter: 1,
    wp_fractional_scale_manager_v1: 1,
    wp_presentation: 2,
    wp_single_pixel_buffer_manager_v1: 1,
    wp_cursor_shape_manager_v1: 2,
    zwp_pointer_gestures_v1: 3,
};

export const judgedDenied: Readonly<Record<string, string>> = {
    gtk_shell1: 'D-Bus paths, request_focus and an accessibility bus name: ways round app_id and focus',
    xdg_toplevel_tag_manager_v1: 'the guest could overwrite the tag that names its instance (GNOME.md 0.8)',
    xdg_session_manager_v1: 'restores windows under names the guest chooses',
    xdg_activation_v1: 'takes focus; needs fresh serials',
    zwp_primary_selection_device_manager_v1: 'a second clipboard that nobody is asked about',
    zwp_keyboard_shortcuts_inhibit_manager_v1: 'takes the shell its keys; needs a permission',
    zwp_pointer_constraints_v1: 'locks the pointer; needs a permission',
    zwp_relative_pointer_manager_v1: 'motion without position: of use only with a locked pointer',
    wp_pointer_warp_v1: 'moves the pointer',
    zwp_idle_inhibit_manager_v1: 'keeps the screen on; needs a permission',
    zwp_text_input_manager_v3: 'the input method would see and be driven by the guest at any time',
    zxdg_exporter_v1: 'hands windows to other clients',
    zxdg_importer_v1: 'reaches windows of other clients',
    zxdg_exporter_v2: 'hands windows to other clients',
    zxdg_importer_v2: 'reaches windows of other clients',
    zwp_tablet_manager_v2: 'input that the freeze does not cover yet',
    zwp_linux_dmabuf_v1: 'the stream path has no GPU',
    wp_linux_drm_syncobj_manager_v1: 'the stream path has no GPU',
    wp_drm_lease_device_v1: 'direct access to displays',
    xdg_system_bell_v1: 'noise and visual bell outside the frame',
    xdg_toplevel_drag_manager_v1: 'drag and drop is denied',
    ext_background_effect_manager_v1: 'shows what lies behind the window, blurred',
    wp_color_manager_v1: 'not understood yet',
    wp_color_representation_manager_v1: 'not understood yet',
    wp_fifo_manager_v1: 'not understood yet',
    wp_commit_timing_manager_v1: 'not understood yet',
    wl_drm: 'the stream path has no GPU',
    wl_fixes: 'not understood yet',
    mutter_x11_interop: 'for the X server only',
    zwp_xwayland_keyboard_grab_manager_v1: 'for the X server only',
};
