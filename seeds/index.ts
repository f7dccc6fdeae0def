import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock, type Clock } from '#kernel';
import { loadConfig } from '#platform/config';
import { createDataSource, UnitOfWork } from '#platform/database';
import { loadProgramme, type LoadResult } from '#programme';
import { loadDemoAuthorities } from './demo-authorities.js';
import { loadDemoDebtors } from './demo-debtors.js';
import { loadDemoUsers } from './demo-users.js';

export { DEMO_USERS, loadDemoUsers } from './demo-users.js';
export { loadDemoAuthorities } from './demo-authorities.js';

/** Programme files that come with the service. Another programme is another file in this folder and a name here. */
const PROGRAMMES = ['eip2.json'];

/** A file of this folder, from the sources or beside the build. */
export function seedFile(name: string): unknown {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  const path = existsSync(beside) ? beside : fileURLToPath(new URL(`../../seeds/${name}`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as unknown;
}

/** Loads the programmes, and for the demonstration its users and authorities. Idempotent. `url` is any login that may become the runtime role. */
export async function seedAll(url: string, options: { demo: boolean; clock?: Clock }): Promise<LoadResult[]> {
  const source = createDataSource(url, { poolSize: 2, applicationName: 'claims-seeds' });
  await source.initialize();
  try {
    const uow = new UnitOfWork(source, options.clock ?? systemClock);
    const results: LoadResult[] = [];
    for (const name of PROGRAMMES) results.push(await loadProgramme(uow, seedFile(name)));
    if (options.demo) {
      await loadDemoAuthorities(uow);
      await loadDemoDebtors(uow);
      await loadDemoUsers(uow, loadConfig());
    }
    return results;
  } finally {
    await source.destroy();
  }
}
