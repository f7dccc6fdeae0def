import { statement, type Tx } from '#platform/database';

/** One change, as its use case tells it. Ids, codes and figures only: never a name, an e-mail address or free text of a person. */
export interface AuditRecord {
  /**
   * Whose trail: an authority's code for what concerns it (it can read that trail), a programme's code for the rest of
   * the programme, the payer's organisation code for the payer's own users.
   */
  chain: string;
  /** Subject and past tense: `claim.submitted`. */
  action: string;
  subjectType: string;
  subjectId: string;
  claimId?: string;
  before?: object | null;
  after?: object | null;
  /** Why, in the words the decision gave. */
  reason?: string | null;
}

const json = (value: object | null | undefined): string | null => (value == null ? null : JSON.stringify(value));

const APPEND = statement('SELECT audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)');
const LOCK_HEADS = statement('SELECT audit_lock_heads($1)');
const APPEND_MANY = statement('SELECT audit_append_many($1, $2, $3, $4, $5, $6)');

/**
 * Appends one entry to its chain: one statement. Who, when and the request come from the transaction. Takes the lock
 * of the chain's head until the transaction ends, so call it last (lock order: claim, allocations, number series, head); whoever
 * tells several chains tells the authorities' first, by their codes, then the programme's (docs/adr/0010-audit-chain.md).
 */
export async function appendAudit(tx: Tx, record: AuditRecord): Promise<void> {
  const { actor } = tx;
  await tx.query(APPEND, [
    record.chain,
    tx.now,
    actor.userId,
    actor.roles,
    actor.organisation,
    actor.requestId ?? null,
    record.action,
    record.subjectType,
    record.subjectId,
    record.claimId ?? null,
    json(record.before),
    json(record.after),
    record.reason ?? null,
  ]);
}

/** Appends many entries in one statement: chains in their order, within a chain as given. Nothing to append is no statement. */
export async function appendAudits(tx: Tx, records: readonly AuditRecord[]): Promise<void> {
  if (records.length === 0) return;
  const { actor } = tx;
  await tx.query(APPEND_MANY, [
    tx.now,
    actor.userId,
    actor.roles,
    actor.organisation,
    actor.requestId ?? null,
    JSON.stringify(records),
  ]);
}

/**
 * `appendAudits` as a part of a larger statement, for entries that are made in the database: the call of its function, whose
 * last argument `entries` is an expression, a jsonb list of AuditRecords. `given` numbers a parameter of that statement.
 * Whoever calls it for several chains does so in the order of their codes, `COLLATE "C"`.
 */
export function appendMany(entries: string, tx: Tx, given: (value: unknown) => string): string {
  const { actor } = tx;
  const who = [
    `${given(tx.now)}::timestamptz`,
    `${given(actor.userId)}::uuid`,
    `${given(actor.roles)}::text[]`,
    `${given(actor.organisation)}::text`,
    `${given(actor.requestId ?? null)}::text`,
  ];
  return `audit_append_many(${who.join(', ')}, ${entries})`;
}

/**
 * Locks the heads of these chains in their order, whether or not anything is told of them: for an act of the payer's that tells an
 * authority after it has told the programme, or authorities out of order. Call it before the first entry. An error for a
 * caller whose scope is one authority.
 */
export async function lockHeads(tx: Tx, chains: readonly string[]): Promise<void> {
  await tx.query(LOCK_HEADS, [chains]);
}
