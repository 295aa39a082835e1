import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(fileURLToPath(import.meta.url));
/** Folders whose plain files (no suffix says that they do anything but decide) keep orders, tokens and tenants safe. */
const PROTECTING_FOLDERS = [
  'auth',
  'core',
  'data-protection',
  'orders',
  'platform/event-log',
  'platform/http/access',
  'platform/vault',
  'sync',
  'technical-flags',
  'tokens',
];
/** Run by commands in processes of their own, where no line is counted: their tests start those processes. */
const RUN_IN_OTHER_PROCESSES = [
  'src/data-protection/archive-check.ts',
  'src/data-protection/archive-lines.ts',
  'src/data-protection/archive-lock.ts',
  'src/data-protection/archive-sums.ts',
  'src/data-protection/export-check.ts',
  'src/data-protection/log-export.ts',
  'src/data-protection/log-flaw.ts',
];
/** A plain name, or events: what a feature records is a rule too. */
const RULE = /^[^.]+(\.events)?\.ts$/;
/** Nothing of a file that declares types alone is ever loaded. */
const HAS_CODE = /^(export )?(abstract |async )?(class|const|function|let) /m;

const inProject = (path) => join(ROOT, path);
const filesBelow = (folder) => readdirSync(inProject(folder), { recursive: true }).map((name) => join(folder, name));
const isRule = (path) => readFileSync(inProject(path), 'utf8').match(HAS_CODE) !== null && !RUN_IN_OTHER_PROCESSES.includes(path);

/**
 * Rules where an untested line loses data or shows it to a stranger: every plain file of the folders above, and whatever has a spec of its
 * own beside it anywhere else. So a new rule is held to it without being named here.
 */
function protectingRules() {
  const plain = PROTECTING_FOLDERS.flatMap((folder) =>
    readdirSync(inProject(`src/${folder}`))
      .filter((name) => RULE.test(name))
      .map((name) => `src/${folder}/${name}`),
  );
  const specified = filesBelow('src')
    .filter((path) => path.endsWith('.spec.ts'))
    .map((path) => path.replace(/\.spec\.ts$/, '.ts'));
  const files = new Set(filesBelow('src'));
  return [...new Set([...plain, ...specified.filter((path) => files.has(path))])].filter(isRule).sort();
}

export default {
  testEnvironment: 'node',
  maxWorkers: '100%', // most of the time a test waits for a server or a process, not for a core
  workerIdleMemoryLimit: '500MB', // a worker keeps every module it ever loaded, and coverage goes over all of them after each file
  cacheDirectory: 'node_modules/.cache/jest', // nothing of ours stays in the machine's temporary folder
  // No test measures time; this only ends one that hangs, also on a machine busy with other work.
  testTimeout: 60_000,
  testRegex: '/(src|sandbox|launcher|test)/(?!endurance/).*\\.spec\\.ts$',
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  reporters: ['default', './test/support/summary-reporter.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false, // .swcrc leaves the specs out of the build
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  coverageProvider: 'v8',
  // Entry points run as processes of their own, where no line is counted.
  collectCoverageFrom: ['src/*/**/*.ts', 'src/app.module.ts', '!src/**/*.spec.ts'],
  coverageReporters: ['text-summary', 'json-summary', 'lcovonly'],
  coverageThreshold: {
    global: { lines: 85 },
    ...Object.fromEntries(protectingRules().map((file) => [`./${file}`, { lines: 100 }])),
  },
};
