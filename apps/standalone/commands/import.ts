import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImportClaims, MOST_IMPORT_BYTES, safeFileName, type ImportProgress } from '#claims';
import { findActor } from '#identity';
import { type AppConfig } from '#platform/config';
import { createDataSource, systemActor, UnitOfWork } from '#platform/database';
import { TermsStore } from '#programme';
import { reachDatabase } from '../beside.js';
import { runCommand, say } from '../command.js';
import { StartFailure, systemCode } from '../embedded/failure.js';
import { businessClock, settings } from '../settings.js';

const USAGE = 'Say who and what: npm run import -- --as finance@brent.example --file claims.csv [--again]';

/** How often the progress is shown, in rows. */
const ROWS_SHOWN = 1_000;

interface Asked {
  email: string;
  path: string;
  again: boolean;
}

function asked(words: string[]): Asked {
  try {
    const { values } = parseArgs({
      args: words,
      options: { as: { type: 'string' }, file: { type: 'string' }, again: { type: 'boolean', default: false } },
    });
    if (values.as && values.file) return { email: values.as, path: resolve(values.file), again: values.again };
  } catch {
    // an option that does not exist: the usage says which do
  }
  throw new StartFailure(USAGE);
}

function readFile(path: string): Buffer {
  try {
    if (statSync(path).size > MOST_IMPORT_BYTES) {
      throw new StartFailure(`${path} is larger than ${MOST_IMPORT_BYTES / 1024 / 1024} MB: split it`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(`${path} cannot be read (${systemCode(error)}): check the name`);
  }
}

async function importFile(url: string, config: AppConfig, { email, path, again }: Asked, bytes: Buffer): Promise<void> {
  const source = await createDataSource(url, { poolSize: 2, applicationName: 'import' }).initialize();
  try {
    const uow = new UnitOfWork(source, businessClock(config));
    const actor = await uow.read(systemActor, (tx) => findActor(tx, email));
    const importing = new ImportClaims(uow, new TermsStore());
    const fileName = safeFileName(basename(path));
    const answer = await importing.run(actor, { bytes, fileName, again, onProgress: progress() });
    say(`Imported ${answer.rowCount} rows of ${fileName} into ${answer.claimCount} drafts`);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } finally {
    await source.destroy();
  }
}

function progress(): (progress: ImportProgress) => void {
  let shown = 0;
  return ({ step, rows, of }) => {
    if (step === 'checked' && rows - shown < ROWS_SHOWN) return;
    shown = rows;
    say(`${step === 'checked' ? 'Checked' : 'Saved'} ${rows} of ${of} rows`);
  };
}

await runCommand(async () => {
  const ask = asked(process.argv.slice(3));
  const bytes = readFile(ask.path);
  const database = await reachDatabase(settings());
  try {
    await importFile(database.url, database.config, ask, bytes);
  } finally {
    await database.stop();
  }
});
