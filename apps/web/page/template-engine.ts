import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import { FILTERS } from './filters.js';

const WEB = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
/** GOV.UK Frontend's templates refer to each other from here. */
const GOVUK = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist');
const MOJ = dirname(require.resolve('@ministryofjustice/frontend/package.json'));

/** An area's templates lie in its own folder: `claims/list.njk` is `claims/views/list.njk`; everybody's lie in `views/`. */
function pathsOf(name: string): string[] {
  if (name.startsWith('govuk/')) return [join(GOVUK, name)];
  if (name.startsWith('moj/')) return [join(MOJ, name)];
  const [area = '', ...rest] = name.split('/');
  const shared = join(WEB, 'views', name);
  return rest.length === 0 ? [shared] : [join(WEB, area, 'views', ...rest), shared];
}

/** Finds templates by the name of their area. Names come from our own code, never from a request. */
class AreaLoader extends nunjucks.Loader {
  getSource(name: string): nunjucks.LoaderSource {
    const path = pathsOf(name).find((candidate) => existsSync(candidate));
    // Nunjucks takes null for "not here", whatever its types say.
    if (path === undefined) return null as unknown as nunjucks.LoaderSource;
    return { src: readFileSync(path, 'utf8'), path: name, noCache: false };
  }

  /** Components include each other by `./` and `../`. */
  override isRelative(name: string): boolean {
    return name.startsWith('./') || name.startsWith('../');
  }

  override resolve(from: string, to: string): string {
    return join(dirname(from), to).replaceAll('\\', '/');
  }
}

/** One environment for all pages: autoescape on, our filters, templates parsed once. */
export function createTemplates(): nunjucks.Environment {
  const environment = new nunjucks.Environment(new AreaLoader(), {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  for (const [name, filter] of Object.entries(FILTERS)) {
    environment.addFilter(name, filter as (...values: unknown[]) => unknown);
  }
  return environment;
}
