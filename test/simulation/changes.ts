import type pg from 'pg';

/** One committed transaction and the tables it wrote to. */
export interface Committed {
  tx: string;
  tables: string[];
}

/** What keeps the machinery going and needs no entry of the trail of its own. */
const UNTOLD = new Set([
  'idempotency_key',
  'outbox',
  'sweep',
  // A letter is its own record; what it tells of was told to the trail when it was decided.
  'delivery',
  'ledger_snapshot',
  'ledger_snapshot_balance',
  'audit_checkpoint',
  'audit_checkpoint_head',
]);

/**
 * Sees which transactions wrote what, whoever sent them: every table notes its writes, and a note is there if and only if
 * its transaction has committed.
 */
export class Changes {
  private constructor(private readonly admin: pg.Client) {}

  static async watch(admin: pg.Client): Promise<Changes> {
    await admin.query(NOTES);
    const { rows } = await admin.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relispartition
          AND relname <> 'migrations' ORDER BY 1`,
    );
    for (const { name } of rows) {
      for (const [event, which] of [
        ['INSERT', 'NEW'],
        ['UPDATE', 'NEW'],
        ['DELETE', 'OLD'],
      ]) {
        await admin.query(
          `CREATE TRIGGER zz_simulation_${event!.toLowerCase()} AFTER ${event} ON public."${name}"
             REFERENCING ${which} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION simulation.note()`,
        );
      }
    }
    return new Changes(admin);
  }

  /** What was committed since it was last asked. */
  async taken(): Promise<Committed[]> {
    const { rows } = await this.admin.query<Committed>({
      name: 'simulation-changes',
      text: `WITH gone AS (DELETE FROM simulation.change RETURNING tx, name)
             SELECT tx::text, array_agg(DISTINCT name::text) AS tables FROM gone GROUP BY tx ORDER BY gone.tx::text::numeric`,
    });
    return rows;
  }
}

/** Whether it changed something that people decide, and did not say so. */
export const isUntold = ({ tables }: Committed): boolean =>
  !tables.includes('audit_entry') && tables.some((table) => !UNTOLD.has(table));

const NOTES = `
  CREATE SCHEMA simulation;
  CREATE TABLE simulation.change (tx xid8 NOT NULL, name text NOT NULL);
  CREATE FUNCTION simulation.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    IF EXISTS (SELECT FROM touched) THEN
      INSERT INTO simulation.change VALUES (pg_current_xact_id(), TG_TABLE_NAME);
    END IF;
    RETURN NULL;
  END $$;`;
