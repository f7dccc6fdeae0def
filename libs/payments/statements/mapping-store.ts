import { malformed, notFound } from '#kernel';
import { type Tx } from '#platform/database';
import type { CsvMapping } from '../bank-files/csv-mapping.js';
import type { StatementFormat } from '../bank-files/read-statements.js';
import type { MappingInput, MappingView } from './mapping.input.js';

export const MAPPING_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

interface Row {
  programme_code: string;
  name: string;
  mapping: MappingInput;
  saved_by: string;
  saved_at: Date;
  version: number;
}

export function mappingsOf(tx: Tx, programme: string, name: string | null): Promise<Row[]> {
  return tx.query<Row>(
    `SELECT programme_code, name, mapping, saved_by, saved_at, version FROM bank_statement_mapping
      WHERE programme_code = $1 AND ($2::text IS NULL OR name = $2) ORDER BY name`,
    [programme, name],
  );
}

export const mappingView = (row: Row): MappingView => ({
  ...row.mapping,
  name: row.name,
  programme: row.programme_code,
  savedBy: row.saved_by,
  savedAt: row.saved_at.toISOString(),
  version: row.version,
});

interface Meant {
  programme: string;
  kind: StatementFormat['kind'];
  name: string | undefined;
}

/** How a file is read. A CSV needs a mapping: the one named, or the only one there is. Throws malformed, not_found. */
export async function formatMeant(tx: Tx, { programme, kind, name }: Meant): Promise<StatementFormat> {
  if (kind !== 'csv') return { kind };
  const found = await mappingsOf(tx, programme, name ?? null);
  if (found.length === 1) return { kind, mapping: found[0]!.mapping as CsvMapping };
  if (name !== undefined) throw notFound('mapping');
  const message = 'Name the saved mapping that says how the bank lays out its CSV.';
  throw malformed([{ path: 'mapping', code: 'required', message }]);
}
