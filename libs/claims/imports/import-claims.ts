import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { appendAudits } from '#audit';
import { conflict, londonDate } from '#kernel';
import { requireMay } from '#identity';
import { programmesOf, requireParticipant, TermsStore } from '#programme';
import { decode, ImportRejected, importRejected, type ImportError } from '#platform/csv';
import { UnitOfWork, violatedConstraint, type Actor, type Tx } from '#platform/database';
import { insertDrafts } from '../claim-store.js';
import { bodyHash } from '../save-draft.js';
import { checkDrafts, type CheckedDraft } from './check-drafts.js';
import { ClaimImportEntity } from './claim-import.entity.js';
import type { ImportView } from './import.input.js';
import { parseImport, type ParsedImport } from './parse-import.js';

/** Ten thousand rows are about three megabytes. */
export const MOST_IMPORT_BYTES = 10 * 1024 * 1024;
/** Drafts stored by one round of statements. */
const DRAFTS_AT_A_TIME = 1_000;

/** How far an import has come. */
export interface ImportProgress {
  step: 'checked' | 'saved';
  rows: number;
  of: number;
}

export interface ImportRequest {
  bytes: Uint8Array;
  /** As it was sent, made safe; null when it had none. */
  fileName: string | null;
  /** The same content was imported before, and that is meant. */
  again: boolean;
  onProgress?: (progress: ImportProgress) => void;
}

/** Turns a CSV file into drafts of the actor's own authority: all of it or nothing, in one transaction. Submits nothing. */
@Injectable()
export class ImportClaims {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws forbidden, not_found, conflict `import_repeated`, refused `import_rejected` with every failing row. */
  async run(actor: Actor, request: ImportRequest): Promise<ImportView> {
    const authority = actor.organisation;
    requireMay(actor, 'claim.import', { authority });
    const parsed = parseImport(decode(request.bytes));
    const sha256 = createHash('sha256').update(request.bytes).digest('hex');
    try {
      return await this.uow.run(actor, async (tx) => {
        const before = await importedBefore(tx, authority, sha256);
        if (before && !request.again) throw importRepeated();
        const programme = await programmeOf(tx, parsed);
        const drafts = await this.checked(tx, parsed, programme, request.onProgress);
        const id = uuidv7();
        const claimIds = await save(tx, id, drafts, (rows) =>
          request.onProgress?.({ step: 'saved', rows, of: parsed.rowCount }),
        );
        const record = { id, rowCount: parsed.rowCount, claimCount: claimIds.length, claimIds };
        const { fileName } = request;
        await recordImport(tx, { ...record, programmeCode: programme, sha256, fileName, repeated: before });
        return record;
      });
    } catch (error) {
      if (violatedConstraint(error) === 'claim_import_once') throw importRepeated();
      throw error;
    }
  }

  /** What stands against importing a file, every fault by row; nothing is stored. Throws forbidden, not_found. */
  async faults(actor: Actor, bytes: Uint8Array): Promise<readonly ImportError[]> {
    requireMay(actor, 'claim.import', { authority: actor.organisation });
    const parsed = parseImport(decode(bytes));
    try {
      await this.uow.read(actor, async (tx) => this.checked(tx, parsed, await programmeOf(tx, parsed), undefined));
      return [];
    } catch (error) {
      if (error instanceof ImportRejected) return error.faults;
      throw error;
    }
  }

  private async checked(
    tx: Tx,
    parsed: ParsedImport,
    programme: string,
    onProgress: ImportRequest['onProgress'],
  ): Promise<CheckedDraft[]> {
    const authority = tx.actor.organisation;
    await requireParticipant(tx, programme, authority);
    const today = londonDate(tx.now);
    const { terms } = await this.terms.inForce(tx, programme, today);
    const progress = onProgress && ((rows: number) => onProgress({ step: 'checked', rows, of: parsed.rowCount }));
    return checkDrafts(parsed, { programme, authority, terms, today, progress });
  }
}

const importRepeated = () =>
  conflict(
    'import_repeated',
    'This very file was imported before, so its drafts are there already. To import it once more, say so with again=true.',
  );

const importedBefore = (tx: Tx, authorityCode: string, sha256: string): Promise<boolean> =>
  tx.manager.existsBy(ClaimImportEntity, { authorityCode, sha256 });

/** The file's programme, or the only one its authority takes part in. Throws refused `import_rejected`. */
async function programmeOf(tx: Tx, { programme, errors }: ParsedImport): Promise<string> {
  if (programme !== null) return programme;
  const [only, another] = await programmesOf(tx, tx.actor.organisation);
  if (only !== undefined && another === undefined) return only;
  const message = 'Your authority takes part in several programmes. Add the column "programme".';
  throw importRejected([...errors, { row: 1, column: 'programme', code: 'required', message }]);
}

/** Stores the drafts and their trail, a thousand at a time; within the transaction all the same. */
async function save(
  tx: Tx,
  importId: string,
  checked: readonly CheckedDraft[],
  saved: (rows: number) => void,
): Promise<string[]> {
  const claimIds: string[] = [];
  let rows = 0;
  for (let at = 0; at < checked.length; at += DRAFTS_AT_A_TIME) {
    const drafts = checked.slice(at, at + DRAFTS_AT_A_TIME).map((draft) => ({ id: uuidv7(), ...draft }));
    await insertDrafts(tx, drafts);
    await appendAudits(
      tx,
      drafts.map(({ id, body, totalPence }) => ({
        chain: body.authority,
        action: 'claim.drafted',
        subjectType: 'claim',
        subjectId: id,
        claimId: id,
        after: { state: 'draft', version: 1, totalPence, bodySha256: bodyHash(body), importId },
      })),
    );
    claimIds.push(...drafts.map(({ id }) => id));
    rows += drafts.reduce((sum, { rowCount }) => sum + rowCount, 0);
    saved(rows);
  }
  return claimIds;
}

async function recordImport(
  tx: Tx,
  record: Omit<ClaimImportEntity, 'authorityCode' | 'importedBy' | 'at'>,
): Promise<void> {
  const { id, sha256, rowCount, claimCount, programmeCode: programme, repeated } = record;
  const { organisation, userId } = tx.actor;
  await tx.manager.insert(ClaimImportEntity, {
    ...record,
    authorityCode: organisation,
    importedBy: userId,
    at: tx.now,
  });
  const after = { sha256, rowCount, claimCount, programme, repeated };
  await appendAudits(tx, [
    { chain: organisation, action: 'claims.imported', subjectType: 'claim_import', subjectId: id, after },
  ]);
}
