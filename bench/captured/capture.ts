/**
 * Loaded before apps/api by Node's --import: writes down every statement that a command sends to the database, one line of
 * JSON a command, in BENCH_CAPTURE_FILE. A command is a transaction that writes BENCH_CAPTURE_ACTION into the audit trail. The
 * API itself does not know.
 */
import { appendFileSync } from 'node:fs';
import pg from 'pg';
import { commandToLine, type Statement } from './statements.js';

type Query = (this: pg.Client, config: unknown, values?: unknown, ...rest: unknown[]) => unknown;

const file = process.env['BENCH_CAPTURE_FILE']!;
const action = process.env['BENCH_CAPTURE_ACTION']!;
const open = new WeakMap<pg.Client, Statement[]>();
let authenticate: Statement = { text: '', values: [] };

function statementOf(config: unknown, values: unknown): Statement {
  if (typeof config === 'string') return { text: config, values: Array.isArray(values) ? [...values] : [] };
  const { name, text, values: own } = config as { name?: string; text: string; values?: unknown[] };
  return { ...(name ? { name } : {}), text, values: [...(own ?? (Array.isArray(values) ? values : []))] };
}

/** As a parameter of its own for one entry of the trail, inside of JSON for several. */
const tells = ({ values }: Statement): boolean =>
  values.some((value) => value === action || (typeof value === 'string' && value.includes(`"action":"${action}"`)));

function note(client: pg.Client, statement: Statement): void {
  if (statement.text.includes('authenticate_token')) authenticate = statement;
  if (/^(START TRANSACTION|BEGIN)/.test(statement.text)) open.set(client, []);
  const transaction = open.get(client);
  if (transaction === undefined) return;
  transaction.push(statement);
  if (statement.text === 'ROLLBACK') open.delete(client);
  if (statement.text !== 'COMMIT') return;
  open.delete(client);
  if (transaction.some(tells)) appendFileSync(file, `${commandToLine({ authenticate, transaction })}\n`);
}

const prototype = pg.Client.prototype as unknown as { query: Query };
const { query } = prototype;
prototype.query = function (config, values, ...rest) {
  note(this, statementOf(config, values));
  return query.call(this, config, values, ...rest);
};
