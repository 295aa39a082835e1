// Who may import whom. Levels, lowest first: core, platform, (allegro, technical-flags, data-protection), (tokens, orders), (auth, sync), consumers, app.

const LEVELS = [['core'], ['platform'], ['allegro', 'technical-flags', 'data-protection'], ['tokens', 'orders'], ['auth', 'sync']];

/** A feature of level n reaches only lower levels and itself; so siblings never meet and no cycle between features can begin. */
const levelRules = LEVELS.flatMap((features, level) =>
  features.map((feature) => {
    const reachable = [...LEVELS.slice(0, level).flat(), feature].join('|');
    return {
      name: `level-of-${feature}`,
      comment: `src/${feature} imports only ${reachable}: dependencies point downwards and siblings never meet.`,
      severity: 'error',
      from: { path: `^src/${feature}/` },
      to: { path: '^src/', pathNot: `^src/(${reachable})/` },
    };
  }),
);

const KNOWN = LEVELS.flat().join('|');
/** Shared by design: vocabulary and IO without business meaning. */
const SHARED = 'core|platform';
const SPEC = '\\.spec\\.ts$';
/** What a feature shows to others; everything else is its own business. Types may cross, they leave no dependency at run time. */
const PUBLIC = '\\.(events|service|read-model|client|errors|module)\\.ts$';

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    ...levelRules,
    {
      name: 'consumers-never-meet',
      comment: 'Later consumers of the feed know everything below and nothing of each other.',
      severity: 'error',
      from: { path: `^src/(?!(?:${KNOWN})/)([^/]+)/` },
      to: { path: `^src/(?!(?:${KNOWN})/)[^/]+/`, pathNot: '^src/$1/' },
    },
    {
      name: 'nothing-imports-app',
      comment: 'src/*.ts are entry points and the list of modules.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'only-public-files-of-a-feature',
      comment: 'Another feature uses events, services, read models, clients, errors and modules; never its rules, SQL, jobs, controllers or DTOs.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: SPEC },
      to: { path: '^src/[^/]+/', pathNot: [`^src/($1|${SHARED})/`, PUBLIC], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'stores-belong-to-their-feature',
      severity: 'error',
      comment: 'SQL is called by the services of its own folder and takes their transaction; types included.',
      from: { path: '^src/([^/]+)/' },
      to: { path: '\\.store\\.ts$', pathNot: [`^src/($1|${SHARED})/`] },
    },
    {
      name: 'rules-are-pure',
      comment: 'A plain file name in a feature is a rule: no IO, no framework, nothing that does IO.',
      severity: 'error',
      from: { path: '^src/(technical-flags|data-protection|tokens|orders|auth|sync)/[^/.]+\\.ts$' },
      to: {
        path: [
          '\\.(service|store|read-model|client|controller|jobs)\\.ts$',
          '^(fs|net|http|https|child_process|dns|tls)$',
          'node_modules/(pg|axios|bullmq|ioredis)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'service-stands-alone',
      comment: 'The service runs without sandbox, launcher and tests.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: { path: '^(sandbox|launcher|test|client)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'The package is installed without anything of this repository.',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { pathNot: '^client/src/' },
    },
    { name: 'sandbox-stands-alone', severity: 'error', from: { path: '^sandbox/', pathNot: SPEC }, to: { path: '^(src|launcher|test|migrations)/' } },
    { name: 'launcher-is-not-tested-code', severity: 'error', from: { path: '^launcher/', pathNot: SPEC }, to: { path: '^(test|sandbox)/' } },
    {
      name: 'no-unresolvable',
      comment: 'Processes that tests start import the build, which a fresh clone does not have yet when it is checked.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '/dist/' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^(src|sandbox|launcher|migrations)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
