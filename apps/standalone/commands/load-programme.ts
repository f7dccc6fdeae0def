import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadProgramme } from '#programme';
import { UnitOfWork } from '#platform/database';
import { besideService } from '../beside.js';
import { runCommand, say } from '../command.js';
import { StartFailure, systemCode } from '../embedded/failure.js';
import { settings } from '../settings.js';

/** Loads a programme, or new versions of its terms, from a file such as seeds/eip2.json. Idempotent. */
await runCommand(async () => {
  const name = process.argv[3];
  if (name === undefined) throw new StartFailure('Say from where: npm run load-programme -- programme.json');
  const file = readJson(resolve(name));
  const result = await besideService(settings(), [], (app) => loadProgramme(app.get(UnitOfWork), file));
  const { programme, newTerms, newAuthorities, newAllocations } = result;
  say(
    `Loaded ${programme}: ${newTerms} new versions of its terms, ${newAuthorities} new authorities, ${newAllocations} new allocations`,
  );
});

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new StartFailure(`${path} is not JSON (${error.message}): correct it`);
    throw new StartFailure(`${path} cannot be read (${systemCode(error)}): check the name`);
  }
}
