import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Constructors inject; above five dependencies a class has two jobs. */
const CONSTRUCTOR = 'MethodDefinition[kind="constructor"] > FunctionExpression';

export default defineConfig(
  globalIgnores(['node_modules/', 'dist/', 'coverage/', '.data/', 'client/src/generated/', 'client/dist/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true },
    rules: {
      'max-lines': ['error', { max: 200 }],
      complexity: ['error', { max: 8 }],
      'max-params': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'One exported idea a file, by name.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has it.' },
        { selector: ':function[params.length>4]:not(' + CONSTRUCTOR + ')', message: 'At most 4 parameters; group them.' },
        { selector: CONSTRUCTOR + '[params.length>5]', message: 'At most 5 constructor parameters; the class has two jobs.' },
      ],
      // Injected classes must stay values: with decorator metadata the rule leaves them alone.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // An implementation of an asynchronous interface may have nothing to await.
      '@typescript-eslint/require-await': 'off',
      // DTO classes describe shapes for the API page and the validation; answers are plain objects of that shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.ts'],
    // Entry points hand the environment to the parser; launcher, sandbox and tests are programs of their own.
    ignores: ['src/platform/config/**', 'src/*.ts', 'launcher/**', 'sandbox/**', 'bench/**', 'client/examples/**', 'test/**'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'The environment is parsed once, in src/platform/config.' }],
    },
  },
  {
    // The face of the package: what its users import.
    files: ['client/src/index.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      'max-lines': ['error', { max: 400 }], // a spec is a list of sentences about one subject
      // jest's expect(mock.method) names a method without calling it; describe blocks are long lists, not long thoughts.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A test watches variables that callbacks change, and reads JSON of the sandbox as text.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      'no-restricted-syntax': 'off', // the columns of an it.each table are parameters
      complexity: ['error', { max: 10 }],
    },
  },
);
