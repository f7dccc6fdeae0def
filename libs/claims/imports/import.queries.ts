import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { notFound } from '#kernel';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { ClaimQueries } from '../claim.queries.js';
import { type ClaimListItem } from '../claim.view.js';

/** So many are named to whoever imports; older ones are found by their claims. */
const MOST_NAMED = 10;

/** A file that was imported. */
export interface PastImport {
  id: string;
  authority: string;
  programme: string;
  /** Null when it was sent without one. */
  fileName: string | null;
  rowCount: number;
  claimCount: number;
  importedBy: string;
  at: Date;
}

/** A draft of an import, as it stands by now. */
export interface ImportedDraft extends ClaimListItem {
  /** Names of its trainers, each once. */
  trainers: string[];
}

const COLUMNS = `id, authority_code AS authority, programme_code AS programme, file_name AS "fileName", row_count AS "rowCount",
  claim_count AS "claimCount", imported_by AS "importedBy", at`;

/** Reads of imports and of what became of their drafts. Row-level security keeps an authority to its own. */
@Injectable()
export class ImportQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
  ) {}

  /** The latest imports, newest first. Throws forbidden. */
  latest(actor: Actor): Promise<PastImport[]> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'claim.import', { authority: actor.organisation });
      return tx.query<PastImport>(
        `SELECT ${COLUMNS} FROM claim_import WHERE authority_code = $1 ORDER BY id DESC LIMIT ${MOST_NAMED}`,
        [actor.organisation],
      );
    });
  }

  /** Throws not_found, forbidden. */
  get(actor: Actor, id: string): Promise<PastImport> {
    return this.uow.read(actor, (tx) => load(tx, id));
  }

  /** Drafts of an import in the order of the file, from the one at `from` (1 is the first), `limit` of them. Throws not_found, forbidden. */
  drafts(actor: Actor, id: string, from: number, limit: number): Promise<ImportedDraft[]> {
    return this.uow.read(actor, async (tx) => {
      await load(tx, id);
      const [row] = await tx.query<{ ids: string[] }>(
        'SELECT claim_ids[$2::int:$3::int] AS ids FROM claim_import WHERE id = $1',
        [id, from, from + limit - 1],
      );
      const ids = row!.ids;
      const items = new Map((await this.claims.byIds(tx, ids)).map((item) => [item.id, item]));
      const named = await tx.query<{ id: string; trainers: string[] }>(
        `SELECT claim_id AS id, array_agg(DISTINCT trainer_name) AS trainers FROM trainer_invoice
          WHERE claim_id = ANY ($1::uuid[]) GROUP BY claim_id`,
        [ids],
      );
      const trainers = new Map(named.map((one) => [one.id, one.trainers]));
      return ids.flatMap((claimId) => {
        const item = items.get(claimId);
        return item ? [{ ...item, trainers: trainers.get(claimId) ?? [] }] : [];
      });
    });
  }
}

async function load(tx: Tx, id: string): Promise<PastImport> {
  const [found] = await tx.query<PastImport>(`SELECT ${COLUMNS} FROM claim_import WHERE id = $1`, [id]);
  if (!found) throw notFound('import');
  requireMay(tx.actor, 'claim.import', { authority: found.authority });
  return found;
}
