/**
 * Loaded before apps/api by Node's --import: writes down every statement that a submission sends to the database, one line of
 * JSON a submission, in BENCH_CAPTURE_FILE. The API itself does not know.
 */
import { appendFileSync } from 'node:fs';
import pg from 'pg';
import { submissionToLine, type Statement } from './statements.js';

type Query = (this: pg.Client, config: unknown, values?: unknown, ...rest: unknown[]) => unknown;

const file = process.env['BENCH_CAPTURE_FILE']!;
const open = new WeakMap<pg.Client, Statement[]>();
let authenticate: Statement = { text: '', values: [] };

function statementOf(config: unknown, values: unknown): Statement {
  if (typeof config === 'string') return { text: config, values: Array.isArray(values) ? [...values] : [] };
  const { text, values: own } = config as { text: string; values?: unknown[] };
  return { text, values: [...(own ?? (Array.isArray(values) ? values : []))] };
}

function note(client: pg.Client, statement: Statement): void {
  if (statement.text.includes('authenticate_token')) authenticate = statement;
  if (/^(START TRANSACTION|BEGIN)/.test(statement.text)) open.set(client, []);
  const transaction = open.get(client);
  if (transaction === undefined) return;
  transaction.push(statement);
  if (statement.text === 'ROLLBACK') open.delete(client);
  if (statement.text !== 'COMMIT') return;
  open.delete(client);
  const audit = transaction.find(({ values }) => values.includes('claim.submitted'));
  if (audit === undefined) return;
  // The ninth parameter of audit_append is the subject's id.
  const claimId = String(audit.values[8]);
  appendFileSync(file, `${submissionToLine({ claimId, authenticate, transaction })}\n`);
}

const prototype = pg.Client.prototype as unknown as { query: Query };
const { query } = prototype;
prototype.query = function (config, values, ...rest) {
  note(this, statementOf(config, values));
  return query.call(this, config, values, ...rest);
};
