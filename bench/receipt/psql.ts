import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { RUNTIME_ROLE } from '#platform/database';
import { type Command, type Statement } from '../captured/statements.js';
import { findProgram, KEPT } from '../support/processes.js';
import { type Database } from '../support/services.js';
import { timed } from '../support/stats.js';

/** A captured command as a script of psql. Prepared and executed, so that the server plans what it planned for the API. */
export function script({ authenticate, transaction }: Command): string {
  const names = new Map<string, string>();
  return [authenticate, ...transaction].map((statement) => lines(statement, names)).join('');
}

function lines({ text, values }: Statement, names: Map<string, string>): string {
  if (values.length === 0) return `${text};\n`;
  const known = names.get(text);
  const name = known ?? `s${names.size}`;
  names.set(text, name);
  return `${known ? '' : `PREPARE ${name} AS ${text};\n`}EXECUTE ${name} (${values.map(literal).join(', ')});\n`;
}

/** The text that `pg` sends for a parameter, quoted. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return `'${plain(value).replaceAll("'", "''")}'`;
}

function plain(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (!Array.isArray(value)) return String(value as string | number | boolean);
  return `{${value.map((one) => `"${plain(one).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

export const hasPsql = (): boolean => findProgram('psql') !== null;

/** Milliseconds that psql takes for a captured command, its own start and the reading of the answers included. */
export async function replayByPsql(database: Database, command: Command): Promise<number> {
  const file = join(KEPT, `${database.name}.sql`);
  writeFileSync(file, script(command));
  const words = ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-o', devNull, '-f', file, database.url];
  const taken = await timed(
    () =>
      new Promise<void>((done, failed) => {
        const env = { ...process.env, PGOPTIONS: `-c timezone=UTC -c role=${RUNTIME_ROLE}` };
        const child = spawn('psql', words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
        let said = '';
        child.stderr.on('data', (part: Buffer) => (said += part.toString('utf8')));
        child.once('error', failed);
        child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`psql: ${said.slice(0, 500)}`))));
      }),
  );
  rmSync(file);
  return taken;
}
