/** Names and paths on the session bus (dbus/README.md). */
export const managerName = 'org.bulkhead.Manager1';
export const managerPath = '/org/bulkhead/Manager1';
export const managerInterface = 'org.bulkhead.Manager1';
export const instanceInterface = 'org.bulkhead.Instance1';
export const objectRoot = '/org/bulkhead';
export const shellName = 'org.bulkhead.Shell1';
export const shellPath = '/org/bulkhead/Shell1';
