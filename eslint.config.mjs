import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * GNOME's own ESLint preset is not on npm: its core rules that matter here are
 * spelled out. Layout is Prettier's business.
 */
export default tseslint.config(
    { ignores: ['dist/', 'out/', 'node_modules/', 'src/wayland-proxy/generated/'] },
    js.configs.recommended,
    ...tseslint.configs.strict,
    {
        rules: {
            curly: ['error', 'multi-or-nest', 'consistent'],
            eqeqeq: 'error',
            'no-nested-ternary': 'error',
            'no-restricted-globals': ['error', 'window'],
            'prefer-const': 'error',
            'no-undef': 'off',
            '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
            '@typescript-eslint/no-non-null-assertion': 'off',
            '@typescript-eslint/no-extraneous-class': 'off',
        },
    },
    {
        files: ['extension/**/*.ts'],
        ignores: ['extension/prefs.ts', 'extension/preferences/**'],
        rules: {
            'no-restricted-imports': [
                'error',
                {
                    patterns: [
                        {
                            group: ['gi://Gtk*', 'gi://Gdk*', 'gi://Adw*'],
                            message: 'The shell process must not load GTK.',
                        },
                    ],
                },
            ],
        },
    },
    {
        files: ['src/**/*.ts', 'tools/**/*.ts'],
        rules: {
            'no-restricted-imports': [
                'error',
                {
                    paths: [
                        {
                            name: 'child_process',
                            message: 'Use execa or node:child_process spawn with an argv array.',
                        },
                    ],
                    patterns: [
                        {
                            group: ['gi://*', '**/extension/**'],
                            message: 'src/ and extension/ share dbus/ only.',
                        },
                    ],
                },
            ],
        },
    }
);
