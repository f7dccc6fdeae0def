import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

/** A suite that needs programs of Debian's qpdf, poppler-utils or libxml2-utils: skipped without them, an error in CI. */
export function needing(...programs: string[]): typeof describe | typeof describe.skip {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined);
  if (missing.length === 0) return describe;
  const message = `not installed: ${missing.join(', ')}; the suite that needs it is skipped`;
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(message);
  return describe.skip;
}
