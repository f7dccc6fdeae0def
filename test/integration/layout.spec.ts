import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

interface Planted {
  rule: string;
  file: string;
  imports: string;
}

/** One forbidden import each; the file is all there is to it. */
const FORBIDDEN: Planted[] = [
  { rule: 'downwards-only', file: 'libs/claims/up-to-an-app.ts', imports: '../../apps/api/main.js' },
  { rule: 'downwards-only', file: 'libs/platform/database/up-to-migrations.ts', imports: '#migrations' },
  { rule: 'downwards-only', file: 'libs/claims/uses-a-test.ts', imports: '../../test/support/helper.js' },
  { rule: 'platform-knows-no-feature', file: 'libs/platform/database/up-to-a-feature.ts', imports: '#claims' },
  { rule: 'kernel-imports-nothing', file: 'libs/kernel/reads-files.ts', imports: 'node:fs' },
  { rule: 'kernel-imports-nothing', file: 'libs/kernel/up-to-the-platform.ts', imports: '#platform/database' },
  { rule: 'domain-is-pure', file: 'libs/claims/domain/uses-the-database.ts', imports: '#platform/database' },
  { rule: 'domain-is-pure', file: 'libs/claims/domain/uses-a-package.ts', imports: 'typeorm' },
  { rule: 'domain-is-pure', file: 'libs/claims/domain/reads-files.ts', imports: 'node:fs' },
  { rule: 'domain-is-pure', file: 'libs/claims/domain/uses-a-whole-feature.ts', imports: '#programme' },
  { rule: 'domain-is-pure', file: 'libs/claims/domain/uses-its-own-use-case.ts', imports: '../submit-claim.js' },
  { rule: 'through-the-index', file: 'libs/claims/goes-round-the-index.ts', imports: '../programme/terms.entity.js' },
  { rule: 'through-the-index', file: 'apps/api/goes-round-the-index.ts', imports: '../../libs/claims/submit-claim.js' },
  { rule: 'through-the-index', file: 'libs/claims/goes-into-the-platform.ts', imports: '../platform/database/pool.js' },
  { rule: 'no-app-imports-an-app', file: 'apps/api/starts-the-worker.ts', imports: '../worker/main.js' },
  { rule: 'no-app-imports-an-app', file: 'apps/worker/uses-standalone.ts', imports: '../standalone/main.js' },
  { rule: 'ledger-imports-no-feature', file: 'libs/ledger/asks-a-feature.ts', imports: '#claims' },
  { rule: 'declared-packages-only', file: 'libs/claims/uses-a-stray-package.ts', imports: 'stray' },
  { rule: 'declared-packages-only', file: 'libs/claims/uses-a-tool.ts', imports: 'yaml' },
  { rule: 'declared-packages-only', file: 'libs/claims/leads-nowhere.ts', imports: './not-there.js' },
  { rule: 'no-cycles', file: 'libs/claims/goes-in-circles.ts', imports: './submit-claim.js' },
];

/** What every feature does all day; a rule that catches these is wrong. */
const ALLOWED: Omit<Planted, 'rule'>[] = [
  { file: 'libs/claims/domain/counts-money.ts', imports: '#kernel' },
  { file: 'libs/claims/domain/knows-the-terms.ts', imports: '#programme/domain' },
  { file: 'libs/claims/domain/checks-a-number.ts', imports: 'stdnum' },
  { file: 'libs/claims/saves.ts', imports: '#platform/database' },
  { file: 'libs/claims/asks-a-feature.ts', imports: '#programme' },
  { file: 'libs/claims/tells-the-ledger.ts', imports: '../ledger/index.js' },
  { file: 'libs/ledger/asks-who-may.ts', imports: '#identity/domain' },
  { file: 'apps/standalone/mounts-the-api.ts', imports: '../api/main.js' },
  { file: 'apps/worker/draws-documents.ts', imports: '#claims/documents' },
  { file: 'libs/claims/domain/rule.spec.ts', imports: 'yaml' },
];

describe('the dependency rule', () => {
  let root: string;
  let found: { rule: string; from: string }[];

  function plant(file: string, text: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'claims-layout-'));
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
      cpSync(join(ROOT, name), join(root, name));
    linkPackages(root);
    const indexes = [
      'kernel',
      'platform/database',
      'claims',
      'claims/domain',
      'claims/documents',
      'programme',
      'programme/domain',
      'ledger',
      'identity/domain',
    ];
    for (const name of indexes) plant(`libs/${name}/index.ts`, 'export const x = 1;\n');
    for (const file of ['apps/api/main.ts', 'apps/worker/main.ts', 'apps/standalone/main.ts', 'migrations/index.ts']) {
      plant(file, 'export const x = 1;\n');
    }
    for (const file of ['libs/programme/terms.entity.ts', 'libs/platform/database/pool.ts', 'test/support/helper.ts']) {
      plant(file, 'export const x = 1;\n');
    }
    plant('libs/claims/submit-claim.ts', `import './goes-in-circles.js';\nexport const x = 1;\n`);
    for (const { file, imports } of [...FORBIDDEN, ...ALLOWED]) plant(file, `import '${imports}';\n`);
    found = cruise(root);
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it.each(FORBIDDEN)('$rule catches $file importing $imports', ({ rule, file }) => {
    expect(found).toContainEqual({ rule, from: file });
  });

  it.each(ALLOWED)('lets $file import $imports', ({ file }) => {
    expect(found.filter(({ from }) => from === file)).toEqual([]);
  });

  it('has a planted import for every rule', () => {
    const config = spawnSync(
      process.execPath,
      ['-p', `JSON.stringify(require('./.dependency-cruiser.cjs').forbidden.map((r) => r.name))`],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    expect(new Set(FORBIDDEN.map(({ rule }) => rule))).toEqual(new Set(JSON.parse(config.stdout) as string[]));
  });

  it('holds in this repository', () => {
    expect(cruise(ROOT)).toEqual([]);
  });
});

/** The real packages, with one more that package.json does not name. */
function linkPackages(root: string): void {
  mkdirSync(join(root, 'node_modules/stray'), { recursive: true });
  writeFileSync(join(root, 'node_modules/stray/index.js'), 'export const x = 1;\n');
  writeFileSync(join(root, 'node_modules/stray/package.json'), '{"name":"stray","version":"1.0.0","main":"index.js"}');
  for (const name of ['typeorm', 'yaml', 'stdnum'])
    cpSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name), { recursive: true });
}

function cruise(root: string): { rule: string; from: string }[] {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const words = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs', 'migrations'];
  const result = spawnSync(process.execPath, [program, ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    maxBuffer: 100_000_000,
  });
  if (result.stdout === '') throw new Error(result.stderr);
  const { summary } = JSON.parse(result.stdout) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
}
