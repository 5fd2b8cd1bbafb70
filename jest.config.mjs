const common = {
    testEnvironment: 'node',
    extensionsToTreatAsEsm: ['.ts'],
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
};

const project = (name, more = {}) => ({
    ...common,
    displayName: name,
    testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
    ...more,
});

/**
 * unit: pure logic, no process but our own. proxy: the proxy between a fake guest and a
 * fake compositor over real sockets with real descriptors. e2e: runs inside the desktop
 * root (tools/desktop) with a real shell, VM and proxy.
 */
export default {
    projects: [
        project('unit'),
        project('proxy'),
        project('e2e', { setupFilesAfterEnv: ['<rootDir>/tests/support/e2eSetup.ts'] }),
    ],
};
