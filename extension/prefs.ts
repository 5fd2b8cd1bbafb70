/** The preferences window: what this is, and the domains there are. Its own process, so GTK belongs here. */
import type Adw from 'gi://Adw';

import { ExtensionPreferences } from 'resource:///org/gnome/Shell/Extensions/js/extensions/prefs.js';

import { domainsPage } from './preferences/domainsPage.js';

export default class BulkheadPreferences extends ExtensionPreferences {
    /** Not async: until 46 the window must have its page when this returns. */
    override fillPreferencesWindow(preferences: Adw.PreferencesWindow) {
        preferences.add(domainsPage());
    }
}
