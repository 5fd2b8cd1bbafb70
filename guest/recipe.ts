/**
 * What the guest image holds: data for src/images/, which parses it. The base is what all apps share; a layer is
 * what one app has beyond it. Figures and reasons are in README.md.
 */
import type { z } from 'zod';
import type { recipeSchema } from '../src/images/recipe.js';

/** One seat for both terminals: foot's default pool of 512 MiB would be mirrored by waypipe. */
const footConfig = { 'etc/xdg/foot/foot.ini': '[tweak]\nmax-shm-pool-size-mb=0\n' };

export const recipe = {
    suite: 'trixie',
    epoch: 1735689600,
    // Times first, as fontconfig's caches hold those of the folders; then the caches, which save a scan at each start.
    finish: 'find "$1/usr/share/fonts" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} + && chroot "$1" fc-cache -s -f',
    kernel: {
        package: 'linux-image-cloud-amd64',
        modules: ['virtio_blk', 'erofs', 'overlay', 'vmw_vsock_virtio_transport'],
    },
    // waypipe's video and GPU code, which --no-gpu and no --video leave unused, brings 90 libraries.
    standIns: {
        program: 'usr/bin/waypipe',
        libraries: ['libavcodec.so.61', 'libavutil.so.59', 'libswscale.so.8', 'libva.so.2', 'libgbm.so.1'],
        prefixes: ['av_', 'avcodec_', 'sws_', 'va', 'gbm_'],
    },
    base: {
        packages: [
            // The way to the host: init's tools, the session bus, the agent's runtime, its stream, the display.
            ...['busybox-static', 'util-linux', 'dbus-daemon', 'quickjs', 'socat', 'waypipe'],
            // What nearly every graphical program wants.
            ...['libgtk-4-1', 'libadwaita-1-0', 'libglib2.0-bin', 'gsettings-desktop-schemas', 'xkb-data'],
            ...['adwaita-icon-theme', 'hicolor-icon-theme', 'librsvg2-common', 'shared-mime-info'],
            ...['fontconfig', 'fonts-cantarell', 'fonts-dejavu-mono'],
        ],
        exclude: [
            // The host's and the VM's business.
            ...['dev/*', 'proc/*', 'sys/*', 'run/*', 'tmp/*', 'boot/*'],
            // Another identity in every guest: made at boot. Accounts: files below.
            ...[
                'etc/machine-id',
                'var/lib/dbus',
                'etc/hostname',
                'etc/resolv.conf',
                'etc/*shadow*',
                'etc/passwd-',
                'etc/group-',
            ],
            // Nothing is installed in a guest.
            ...[
                'var/lib/apt',
                'var/lib/dpkg',
                'var/cache/apt',
                'var/cache/debconf',
                'var/cache/ldconfig',
                'var/log/*',
            ],
            ...[
                'etc/apt',
                'usr/bin/dpkg*',
                'usr/share/doc',
                'usr/share/man',
                'usr/share/info',
                'usr/share/locale',
            ],
            ...[
                'usr/bin/perl*',
                'usr/lib/x86_64-linux-gnu/perl*',
                'usr/share/perl*',
                'usr/share/help',
                'usr/share/lintian',
            ],
            // No systemd, no GPU.
            ...['usr/lib/systemd', 'etc/systemd', 'usr/lib/udev', 'usr/lib/x86_64-linux-gnu/systemd'],
            ...[
                'usr/lib/x86_64-linux-gnu/libLLVM*',
                'usr/lib/x86_64-linux-gnu/libgallium*',
                'usr/lib/x86_64-linux-gnu/libz3*',
            ],
        ],
        files: {
            'etc/passwd': 'root:x:0:0:root:/:/usr/sbin/nologin\nuser:x:1000:1000::/home/user:/bin/bash\n',
            'etc/group': 'root:x:0:\ntty:x:5:\nuser:x:1000:\n',
        },
        home: { path: 'home/user', uid: 1000 },
    },
    layers: {
        terminal: { packages: ['foot', 'foot-terminfo'], files: footConfig },
        editor: { packages: ['gnome-text-editor'] },
        /** Small clients for the tests. */
        tests: {
            packages: ['weston', 'foot', 'foot-terminfo', 'wl-clipboard', 'wayland-utils'],
            exclude: [
                'usr/lib/x86_64-linux-gnu/libweston*',
                'usr/libexec/weston*',
                'usr/share/weston/background*',
            ],
            files: footConfig,
        },
    },
} satisfies z.input<typeof recipeSchema>;
