/** The domains as the daemon lists them, to read only, and the daemon's version and backend. */
import Adw from 'gi://Adw';
import Gdk from 'gi://Gdk';
import Gio from 'gi://Gio';
import Gtk from 'gi://Gtk';

import { gettext as _ } from 'resource:///org/gnome/Shell/Extensions/js/extensions/prefs.js';

import managerXml from '../../dbus/org.bulkhead.Manager1.xml';
import { parseDomain, type Domain, type Values } from '../attribution/registration.js';
import { managerName, managerPath } from '../daemon/names.js';

/** What the generated proxy has that we use. */
interface Manager extends Gio.DBusProxy {
    Version: string | null;
    Backend: string | null;
    ListDomainsAsync(): Promise<[Record<string, { recursiveUnpack(): unknown }>[]]>;
}

/** The page, which fills itself as the daemon answers; without a daemon it says so. */
export function domainsPage(): Adw.PreferencesPage {
    const page = new Adw.PreferencesPage({ title: _('Domains'), icon_name: 'security-high-symbolic' });
    fill(page).catch(error => logError(error, 'Domains could not be listed'));
    return page;
}

async function fill(page: Adw.PreferencesPage) {
    const manager = await connect();
    if (!manager.get_name_owner()) {
        page.add(
            new Adw.PreferencesGroup({
                title: _('Domains'),
                description: _('bulkheadd does not run. Start it with “systemctl --user start bulkheadd”.'),
            })
        );
        return;
    }

    const domains = new Adw.PreferencesGroup({
        title: _('Domains'),
        description: _('Every isolated app belongs to one. Its windows have this colour and pattern.'),
    });
    const [records] = await manager.ListDomainsAsync();
    for (const record of records) domains.add(domainRow(parseDomain(unpack(record), '')));
    page.add(domains);
    page.add(aboutGroup(manager));
}

function connect(): Promise<Manager> {
    const Proxy = Gio.DBusProxy.makeProxyWrapper(managerXml) as unknown as new (
        ...args: unknown[]
    ) => Manager;
    return new Promise((resolve, reject) => {
        new Proxy(Gio.DBus.session, managerName, managerPath, (proxy: Manager | null, error: Error | null) =>
            proxy ? resolve(proxy) : reject(error)
        );
    });
}

const unpack = (record: Record<string, { recursiveUnpack(): unknown }>): Values =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, value.recursiveUnpack()]));

function domainRow({ name, colour, pattern }: Domain) {
    const patternNames = { solid: _('Solid'), dashed: _('Dashed'), double: _('Double'), dotted: _('Dotted') };
    const row = new Adw.ActionRow({ title: name, subtitle: patternNames[pattern], use_markup: false });
    const rgba = new Gdk.RGBA();
    rgba.parse(colour);
    const swatch = new Gtk.ColorButton({
        rgba,
        can_target: false,
        can_focus: false,
        valign: Gtk.Align.CENTER,
    });
    swatch.update_property([Gtk.AccessibleProperty.LABEL], [colour]);
    row.add_suffix(swatch);
    return row;
}

function aboutGroup({ Version, Backend }: Manager) {
    const about = new Adw.PreferencesGroup({ title: _('About') });
    const row = (title: string, subtitle: string | null) =>
        about.add(new Adw.ActionRow({ title, subtitle: subtitle ?? _('Unknown'), use_markup: false }));
    row(_('Daemon'), Version);
    row(_('Virtual machines by'), Backend);
    return about;
}
