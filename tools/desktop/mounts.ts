/** Where setup mounts things in the desktop root, and everything that runs in it finds them. */
export const mounts = {
    checkout: '/srv',
    out: '/mnt/out',
    /** The user's image store, so that an installation finds the image there already instead of copying it. */
    images: '/home/user/.local/share/bulkhead/images',
} as const;

/** A folder that is there in the desktop root only. What starts a session empties its home: never that of a person. */
export const insideMark = '/run/bulkhead-desktop';

/** The variable that names the image to install: a folder below mounts.images. */
export const imageVariable = 'BULKHEAD_IMAGE';

/** The variable that says when the person's command began, in ms since the epoch. */
export const startedVariable = 'BULKHEAD_STARTED';
