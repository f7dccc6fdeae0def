import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { v7 as uuid } from 'uuid';
import { type BenchContext, type Figure, type Findings } from '../figure.js';
import { approvedRun } from '../camt/prepared.js';
import { proveMatched } from '../camt/prove.js';
import { matchedOf, writeStatement, type Mix } from '../camt/statement-file.js';
import { KEPT, ROOT } from '../support/processes.js';
import { type Database } from '../support/services.js';
import { inTurns, median, medianRatio } from '../support/stats.js';

const MTM = 'finance@mtm.example';
const PEAK = pathToFileURL(join(ROOT, 'dist/bench/camt/peak.js')).href;
/** Given much memory, Node takes what saves it collecting; given little, it takes what the work needs. */
const LITTLE_HEAP = '--max-old-space-size=96 --max-semi-space-size=4';
/** The peak depends on when the garbage is collected, so two peaks of the same work may differ by as much. */
const FLAT = 1.25;

type Timed = 'parsed' | 'parsedPlain' | 'loaded' | 'parsedMixed' | 'mixed' | 'shown';

interface Statement {
  entries: number;
  mix: Mix;
  file: string;
}

const grouped = (count: number): string => count.toLocaleString('en-GB');

/**
 * A statement sent over HTTP to a new apps/api on a copy of the same database: kept, read, proved, stored and every line that names
 * a payment matched, whose settling follows. The baseline is a process of its own too, so neither has anything warmed up.
 */
export const camt: Figure = {
  name: 'camt',
  title: 'A camt.053 read and matched over HTTP ÷ streaming parse alone',
  run: async (context) => {
    const counts = context.full ? [10_000, 100_000] : [2_000, 20_000];
    const rounds = context.full ? 5 : 3;
    const { database, payments } = await approvedRun(context);
    const make = async (entries: number, mix: Mix): Promise<Statement> => {
      const file = join(KEPT, `statement-${mix}-${entries}.xml`);
      await writeStatement(file, payments, { entries, mix });
      return { entries, mix, file };
    };
    const [few, many] = counts as [number, number];
    const made = { small: await make(few, 'ours'), large: await make(many, 'ours'), mixed: await make(many, 'mixed') };
    context.say(`Reading statements of ${counts.map(grouped).join(' and ')} entries …`);
    const ms = await inTurns(rounds, {
      parsed: () => Promise.resolve(parseAlone(made.large.file)),
      loaded: () => loaded(context, database, made.large),
      parsedPlain: () => Promise.resolve(parseAlone(made.large.file, 'plain')),
      parsedMixed: () => Promise.resolve(parseAlone(made.mixed.file)),
      mixed: () => loaded(context, database, made.mixed),
      shown: () => shown(context, database, made.large),
    });
    const peaks = await inTurns(2, {
      small: () => peakOf(context, database, made.small),
      large: () => peakOf(context, database, made.large),
    });
    const found = findings(made, { ms, peaks }, rounds);
    for (const { file } of Object.values(made)) rmSync(file);
    await context.services.drop(database.name);
    return found;
  },
};

function parseAlone(file: string, ...how: 'plain'[]): number {
  const run = spawnSync(process.execPath, [join(ROOT, 'dist/bench/camt/parse-alone.js'), file, ...how], {
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`the parser failed: ${run.stderr.slice(0, 500)}`);
  return (JSON.parse(run.stdout) as { ms: number }).ms;
}

/** Bytes in memory at most, of a process that may hold little. */
async function peakOf(context: BenchContext, of: Database, statement: Statement): Promise<number> {
  const peakFile = join(KEPT, 'peak');
  await loaded(context, of, statement, { BENCH_PEAK_FILE: peakFile, NODE_OPTIONS: LITTLE_HEAP });
  const peak = Number(readFileSync(peakFile, 'utf8'));
  rmSync(peakFile);
  return peak;
}

/** Milliseconds until the answer. */
async function loaded(
  { services }: BenchContext,
  of: Database,
  { entries, mix, file }: Statement,
  env?: Record<string, string>,
): Promise<number> {
  const database = await services.copy(of, 'bench_camt_loaded');
  const api = await services.api(database, env, env && PEAK);
  const token = (await services.tokens(database, [MTM])).get(MTM)!;
  const headers = { 'idempotency-key': uuid(), 'content-type': 'application/xml' };
  const reply = await api.client.expect(201, 'POST', '/api/v1/bank-statements', token, readFileSync(file), headers);
  const { matchedCount } = JSON.parse(reply.text) as { matchedCount: number };
  await api.stop();
  const matched = matchedOf(entries, mix);
  if (matchedCount !== matched) throw new Error(`${matchedCount} of ${matched} lines were matched: ${reply.text}`);
  await services.asOwner(database.name, (client) => proveMatched(client, { lines: entries, matched }));
  await services.drop(database.name);
  return reply.ms;
}

/** A dry run: the file is sent, read and proved, and nothing is kept. */
async function shown({ services }: BenchContext, database: Database, { file }: Statement): Promise<number> {
  const api = await services.api(database);
  const token = (await services.tokens(database, [MTM])).get(MTM)!;
  const headers = { 'content-type': 'application/xml' };
  const path = '/api/v1/bank-statements?dryRun=true';
  const reply = await api.client.expect(200, 'POST', path, token, readFileSync(file), headers);
  await api.stop();
  return reply.ms;
}

function findings(
  { small, large }: Record<'small' | 'large', Statement>,
  { ms, peaks }: { ms: Record<Timed, number[]>; peaks: Record<'small' | 'large', number[]> },
  rounds: number,
): Findings {
  const entries = grouped(large.entries);
  const megabytes = (bytes: number) => bytes / 1_048_576;
  const [peak, peakOfSmall] = [median(peaks.large), median(peaks.small)];
  const seconds = (name: string, taken: readonly number[]) => ({ name, value: median(taken) / 1000, unit: 's' });
  const target = { atMost: 3 };
  return {
    ratios: [
      { name: `${entries} entries, one in ten ours ÷ parsed`, value: medianRatio(ms.mixed, ms.parsedMixed), target },
      { name: `${entries} entries, nearly all ours ÷ parsed`, value: medianRatio(ms.loaded, ms.parsed), target },
      {
        name: `${entries} entries, nearly all ours ÷ parsed without following namespaces`,
        value: medianRatio(ms.loaded, ms.parsedPlain),
      },
      { name: 'the same read and proved, nothing kept ÷ parsed', value: medianRatio(ms.shown, ms.parsed) },
      {
        name: `peak memory: ${entries} ÷ ${grouped(small.entries)} entries`,
        value: peak / peakOfSmall,
        target: { atMost: FLAT },
      },
    ],
    amounts: [
      seconds('one in ten ours: read and matched', ms.mixed),
      seconds('one in ten ours: parsed alone', ms.parsedMixed),
      seconds('nearly all ours: read and matched', ms.loaded),
      seconds('nearly all ours: read and proved', ms.shown),
      seconds('nearly all ours: parsed alone', ms.parsed),
      seconds('the same without following namespaces', ms.parsedPlain),
      { name: `peak of apps/api, ${entries} entries`, value: megabytes(peak), unit: 'MiB' },
      { name: `peak of apps/api, ${grouped(small.entries)} entries`, value: megabytes(peakOfSmall), unit: 'MiB' },
      { name: 'the file', value: megabytes(statSync(large.file).size), unit: 'MiB' },
    ],
    notes: [
      `medians of ${rounds} rounds in turns, each with a new process on a copy of the database; what was matched is proved`,
      'of ours nine lines in ten name their payment by end-to-end id, the others by a reference in their text',
      'they are parts of ten payments, one an authority, for a thousand claims, all settled by them; nearly all: 49 in 50',
      `the peaks are of processes with ${LITTLE_HEAP}`,
    ],
  };
}
