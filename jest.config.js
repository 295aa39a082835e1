/** Pure rules that protect orders, tokens and tenants: an untested line here loses data or shows it to a stranger. */
const PROTECTING_RULES = [
  'src/allegro/oauth-answers.ts',
  'src/allegro/order-answers.ts',
  'src/auth/link-status.ts',
  'src/auth/poll-decision.ts',
  'src/auth/verification-address.ts',
  'src/core/secret.ts',
  'src/core/signed-cursor.ts',
  'src/data-protection/check-seals.ts',
  'src/data-protection/guard-form.ts',
  'src/data-protection/validate-form.ts',
  'src/orders/document-changes.ts',
  'src/orders/group-readings.ts',
  'src/orders/merge-order.ts',
  'src/orders/merged-purchases.ts',
  'src/orders/order-list-query.ts',
  'src/orders/order-row.ts',
  'src/orders/order.ts',
  'src/orders/plan-recording.ts',
  'src/orders/protected-paths.ts',
  'src/orders/readable-form.ts',
  'src/orders/stamp.ts',
  'src/platform/event-log/append-plan.ts',
  'src/platform/event-log/hash-chain.ts',
  'src/platform/event-log/verify-chain.ts',
  'src/platform/http/access/authorise.ts',
  'src/platform/http/access/principal.ts',
  'src/platform/jobs/task-outcome.ts',
  'src/platform/jobs/task.ts',
  'src/platform/vault/personal-data.ts',
  'src/platform/vault/seal.ts',
  'src/sync/certificate.ts',
  'src/sync/drain.ts',
  'src/sync/history-windows.ts',
  'src/sync/overlap.ts',
  'src/sync/owed-form.ts',
  'src/sync/reach.ts',
  'src/technical-flags/decide-flags.ts',
  'src/technical-flags/flags.events.ts',
  'src/tokens/activation.ts',
  'src/tokens/choose-leader.ts',
  'src/tokens/name-reservation.ts',
  'src/tokens/refresh-decision.ts',
  'src/tokens/token-claims.ts',
  'src/tokens/token-state.ts',
];

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
    ...Object.fromEntries(PROTECTING_RULES.map((file) => [`./${file}`, { lines: 100 }])),
  },
};
