import pg from 'pg';
import { brokenInvariants } from '../support/invariants.js';
import { MTM } from '../support/people.js';
import { type Service } from '../support/service.js';
import { type Bank } from './bank.js';
import { type Authority } from './world.js';

/** What has to hold after every step, and now and then. */
export class Checks {
  private readonly verified = new Map<string, number>();
  private authorityTables: string[] | null = null;
  private statements = 0;

  constructor(
    private readonly service: Service,
    private readonly bank: Bank,
  ) {}

  /** Every invariant that a statement can ask, the hashes of what the trail has gained since, and what the bank has said since. */
  async always(): Promise<Record<string, unknown>> {
    const broken: Record<string, unknown> = await brokenInvariants(this.service.admin);
    const links = await this.brokenLinks();
    if (links.length > 0) broken['trailHashes'] = links;
    const misread = await this.misreadStatements();
    if (misread.length > 0) broken['misreadStatements'] = misread;
    const apart = await this.statementsApart();
    if (apart.length > 0) broken['statementsApart'] = apart;
    return broken;
  }

  /** Statements that were loaded since and do not say what the bank said, whatever the format. */
  private async misreadStatements(): Promise<unknown[]> {
    const { rows } = await this.service.admin.query<{ said: string }>({
      name: 'simulation-statements',
      text: `SELECT concat_ws(' ', s.opening_pence, s.closing_pence, (
                      SELECT string_agg(concat_ws(' ', l.bank_reference, l.booked_on, l.amount_pence), ', ' ORDER BY l.bank_reference COLLATE "C", l.amount_pence)
                        FROM bank_line l WHERE l.statement_id = s.id)) AS said
               FROM bank_statement s WHERE s.state <> 'quarantined' ORDER BY s.id OFFSET $1`,
      values: [this.statements],
    });
    const wrong = rows.flatMap(({ said }, at) => {
      const meant = this.bank.said(this.statements + at + 1);
      return said === meant ? [] : [{ said, meant }];
    });
    this.statements += rows.length;
    return wrong;
  }

  /** This bank leaves nothing out: whatever the format, each statement goes on from the one before it. */
  private async statementsApart(): Promise<unknown[]> {
    const { rows } = await this.service.admin.query<object>({
      name: 'simulation-chain',
      text: `SELECT * FROM (
               SELECT id, format, ends_on, day_place, opening_pence, lag(closing_pence) OVER (PARTITION BY account_key ORDER BY ends_on, day_place) AS reached
                 FROM bank_statement WHERE state <> 'quarantined') s
              WHERE reached <> opening_pence`,
    });
    return rows;
  }

  /** Each new entry hashes to what it says, after the one before it. */
  private async brokenLinks(): Promise<unknown[]> {
    const { rows } = await this.service.admin.query<{ chain: string; seq: number; ok: boolean }>({
      name: 'simulation-links',
      text: `SELECT e.chain, e.seq, e.hash = audit_entry_hash(e) AND e.prev_hash = coalesce(p.hash, decode(repeat('00', 32), 'hex')) AS ok
               FROM audit_head h
               LEFT JOIN jsonb_each_text($1::jsonb) AS seen (chain, seq) ON seen.chain = h.chain
               JOIN audit_entry e ON e.chain = h.chain AND e.seq > coalesce(seen.seq::bigint, 0)
               LEFT JOIN audit_entry p ON p.chain = e.chain AND p.seq = e.seq - 1
              ORDER BY e.chain, e.seq`,
      values: [JSON.stringify(Object.fromEntries(this.verified))],
    });
    for (const { chain, seq } of rows) this.verified.set(chain, Number(seq));
    return rows.filter(({ ok }) => !ok);
  }

  /** The whole trail, recomputed by the service itself, with its checkpoints. */
  async trail(): Promise<string[]> {
    const { body } = await this.service.get<{ ok: boolean }>(MTM.auditor, '/audit/verify');
    return body.ok ? [] : [`the trail does not verify: ${JSON.stringify(body)}`];
  }

  /** As one authority the database shows no row of another's, in any table. */
  async isolation(authority: Authority): Promise<string[]> {
    const client = new pg.Client({ connectionString: this.service.database.url });
    await client.connect();
    try {
      await client.query('BEGIN READ ONLY');
      await client.query('SET LOCAL ROLE claims_app');
      await client.query(`SELECT set_config('app.authority', $1, true)`, [authority]);
      const seen: string[] = [];
      for (const table of await this.tables()) {
        const { rowCount } = await client.query(
          `SELECT 1 FROM ${table} WHERE authority_code IS DISTINCT FROM $1 LIMIT 1`,
          [authority],
        );
        if (rowCount !== 0) seen.push(`${authority} sees rows of others in ${table}`);
      }
      return seen;
    } finally {
      await client.end();
    }
  }

  private async tables(): Promise<string[]> {
    if (this.authorityTables) return this.authorityTables;
    const { rows } = await this.service.admin.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'authority_code'
        WHERE c.relrowsecurity AND has_table_privilege('claims_app', c.oid, 'SELECT') ORDER BY 1`,
    );
    this.authorityTables = rows.map(({ name }) => name);
    return this.authorityTables;
  }
}
