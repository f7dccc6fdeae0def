import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KEPT, ROOT } from '../support/processes.js';
import { type Api, type Database, type Services } from '../support/services.js';
import { commandFromLine, type Command } from './statements.js';

const CAPTURE = pathToFileURL(join(ROOT, 'dist/bench/captured/capture.js')).href;

/** The API, with all that it sends to the database for the commands that write `action` into the trail. */
export async function capturingApi(
  services: Services,
  database: Database,
  action: string,
): Promise<Api & { captured(): Command[] }> {
  mkdirSync(KEPT, { recursive: true });
  const file = join(KEPT, `${database.name}.jsonl`);
  rmSync(file, { force: true });
  const env = { BENCH_CAPTURE_FILE: file, BENCH_CAPTURE_ACTION: action };
  const api = await services.api(database, env, CAPTURE);
  return {
    ...api,
    captured: () => {
      const found = readFileSync(file, 'utf8').trimEnd().split('\n').map(commandFromLine);
      rmSync(file);
      return found;
    },
  };
}
