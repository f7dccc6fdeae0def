import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfirmed } from '#programme';
import { UnitOfWork } from '#platform/database';
import { besideService } from '../beside.js';
import { runCommand, say } from '../command.js';
import { StartFailure, systemCode } from '../embedded/failure.js';
import { settings } from '../settings.js';

const USAGE =
  'Say from where, and who: npm run load-programme -- programme.json --by ada@mtm.example --confirmed-by bo@mtm.example';

/**
 * Loads a programme, or new versions of its terms, from a file such as seeds/eip2.json. Idempotent. Two administrators answer
 * for it: who loads it, and who has read the same file and confirms it.
 */
await runCommand(async () => {
  const { name, people } = asked(process.argv.slice(3));
  const file = readJson(resolve(name));
  const result = await besideService(settings(), [], (app) => loadConfirmed(app.get(UnitOfWork), file, people));
  const { programme, newTerms, newAuthorities, newAllocations } = result;
  say(
    `Loaded ${programme}: ${newTerms} new versions of its terms, ${newAuthorities} new authorities, ${newAllocations} new allocations`,
  );
});

function asked(words: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { by: { type: 'string' }, 'confirmed-by': { type: 'string' } },
    });
    const [name, more] = positionals;
    const { by: loadedBy, 'confirmed-by': confirmedBy } = values;
    if (name && more === undefined && loadedBy && confirmedBy) return { name, people: { loadedBy, confirmedBy } };
  } catch {
    // an option that does not exist: the usage says which do
  }
  throw new StartFailure(USAGE);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new StartFailure(`${path} is not JSON (${error.message}): correct it`);
    throw new StartFailure(`${path} cannot be read (${systemCode(error)}): check the name`);
  }
}
