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
  const { name, text, values: own } = config as { name?: string; text: string; values?: unknown[] };
  return { ...(name ? { name } : {}), text, values: [...(own ?? (Array.isArray(values) ? values : []))] };
}

/** The claim whose submission a statement writes into the trail: audit_append_many takes its entries as JSON. */
function submittedClaim({ values }: Statement): string | null {
  const entries = values.find((value) => typeof value === 'string' && value.includes('"claim.submitted"'));
  if (typeof entries !== 'string') return null;
  return (JSON.parse(entries) as { subjectId: string }[])[0]?.subjectId ?? null;
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
  const claimId = transaction.map(submittedClaim).find((id) => id !== null);
  if (claimId === undefined) return;
  appendFileSync(file, `${submissionToLine({ claimId, authenticate, transaction })}\n`);
}

const prototype = pg.Client.prototype as unknown as { query: Query };
const { query } = prototype;
prototype.query = function (config, values, ...rest) {
  note(this, statementOf(config, values));
  return query.call(this, config, values, ...rest);
};
