import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { suppressionReason } from './tools/suppression-reason.js';

const environment = 'Only src/cli reads it; take the value as an argument.';

export default defineConfig([
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    plugins: { local: { rules: { 'suppression-reason': suppressionReason } } },
    rules: {
      'local/suppression-reason': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        {
          'ts-expect-error': { descriptionFormat: '^ -- \\S' },
          'ts-ignore': true,
          'ts-nocheck': true,
        },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // `text || fallback` is how an empty text counts as absent.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Ours are plain objects without `this`, made to be taken apart.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // Generated.
  { ignores: ['src/client/protocol.ts'] },
  {
    files: ['src/**'],
    // stdout is the protocol.
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/**'],
    ignores: ['src/cli/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: environment },
        { object: 'process', property: 'argv', message: environment },
      ],
      // The roads to the same two that the rule above does not see.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.property.name="process"][property.name=/^(env|argv)$/]',
          message: environment,
        },
        {
          selector: 'ImportDeclaration[source.value=/^(node:)?process$/]',
          message: 'Use the global process, whose env and argv only src/cli reads.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect.any()` is of type any wherever it stands in an expected object.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['**/{helpers,common,types,index}.*'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Program',
          message: 'Name the file after its subject. Do not add files that only re-export.',
        },
      ],
    },
  },
]);
