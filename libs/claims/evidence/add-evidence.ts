import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { appendAudits } from '#audit';
import { conflict, DomainError, malformed, refused } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { DocumentStorage } from '#platform/storage';
import { validateInput } from '#platform/validation';
import { whyNoEvidence } from '../domain/index.js';
import { AddEvidenceInput, type AddedEvidenceView } from './evidence.input.js';
import { claimOfEvidence, toView, type ClaimOfEvidence } from './evidence-record.js';
import { EvidenceEntity } from './evidence.entity.js';
import { FileKindReader } from './file-kind.js';
import { declaredOtherwise, safeFileName } from './file-name.js';

/** Limits of issue and domain: bytes of a file, files of a request, files of a claim. */
export const MOST_EVIDENCE_BYTES = 10 * 1024 * 1024;
export const MOST_FILES_AT_ONCE = 20;
/** Files of a claim, removed ones included: it never has more. */
export const MOST_FILES_OF_CLAIM = 500;

/** A file as it arrives; nothing about it is trusted. */
export interface SentFile {
  filename: string;
  mimetype: string;
  stream: Readable;
}

/** A file in storage, of a kind that is taken as evidence, not yet anybody's. */
export interface ReceivedFile {
  fileName: string;
  mediaType: string;
  declaredOtherwise: boolean;
  size: number;
  sha256: string;
  storageKey: string;
}

/**
 * Adds evidence to a claim, in three steps since files are streamed: `check` before the first byte, `receive` for each
 * file, `add` for the record of all. Storage is by content, so what a failed request left there harms nothing.
 */
@Injectable()
export class AddEvidence {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /** Throws not_found or forbidden before anything is read. The claim's state is asked by `add`. */
  async check(actor: Actor, claimId: string): Promise<void> {
    await this.uow.read(actor, async (tx) => {
      const claim = await claimOfEvidence(tx, claimId, 'look');
      requireMay(actor, 'evidence.add', { authority: claim.authority_code });
    });
  }

  /**
   * Streams one file to storage while its kind is found from its bytes. Throws too_large `file_too_large`,
   * unsupported_type `evidence_type_not_allowed`, malformed `file_empty`, each naming `files[at]`; none stores anything.
   */
  async receive(file: SentFile, at: number): Promise<ReceivedFile> {
    const reader = new FileKindReader();
    try {
      const watched = Readable.from(reader.watch(arriving(file.stream)));
      const stored = await this.storage.put(watched, { maxBytes: MOST_EVIDENCE_BYTES });
      const kind = await reader.kind();
      const fileName = safeFileName(file.filename);
      return {
        fileName,
        mediaType: kind.mediaType,
        declaredOtherwise: declaredOtherwise(kind, fileName, file.mimetype),
        size: stored.size,
        sha256: stored.sha256,
        storageKey: stored.key,
      };
    } catch (error) {
      if (!(error instanceof DomainError) || error.problems.length > 0) throw error;
      const problem = { path: `files[${at}]`, code: error.code, message: error.message };
      throw new DomainError(error.kind, error.code, error.message, [problem]);
    }
  }

  /** Records received files. Throws conflict `state_conflict`, refused `evidence_limit_reached`, malformed. */
  async add(
    actor: Actor,
    claimId: string,
    files: readonly ReceivedFile[],
    fields: unknown,
  ): Promise<AddedEvidenceView> {
    const input = validateInput(AddEvidenceInput, fields);
    if (files.length === 0) {
      throw malformed([{ path: 'files', code: 'required', message: 'Choose at least one file.' }]);
    }
    return this.uow.run(actor, async (tx) => {
      const claim = await claimOfEvidence(tx, claimId, 'lock');
      requireMay(actor, 'evidence.add', { authority: claim.authority_code });
      requireOpen(actor, claim);
      await requireRoom(tx, claim, files.length);
      await requireInvoice(tx, claim, input.trainerInvoiceId);
      const records = await insert(tx, claim, files, input);
      await becomeMaker(tx, claim);
      await appendAudits(tx, records.map(added));
      return { items: records.map(toView) };
    });
  }
}

/** An upload that breaks off is the sender's fault; a disk that is full, further on, is not. */
async function* arriving(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch {
    const message = 'The file did not arrive whole. Send it again.';
    throw malformed([{ path: 'files', code: 'broken_form', message }]);
  }
}

function requireOpen(actor: Actor, { state, authority_code }: ClaimOfEvidence): void {
  const why = whyNoEvidence(state, actor.organisation === authority_code);
  if (why === null) return;
  const message =
    why === 'ended'
      ? `This claim is ${state}: nothing is added to it any more. Add the file to the claim that replaces it.`
      : `This claim is ${state}: its authority is still working on it. Add the file once it is submitted.`;
  throw conflict('state_conflict', message);
}

/** Removed ones count too, since their records stay. */
async function requireRoom(tx: Tx, claim: ClaimOfEvidence, more: number): Promise<void> {
  const held = await tx.manager.countBy(EvidenceEntity, { claimId: claim.id });
  if (held + more <= MOST_FILES_OF_CLAIM) return;
  throw refused('evidence_limit_reached', `A claim has at most ${MOST_FILES_OF_CLAIM} files. Put several into one.`);
}

async function requireInvoice(tx: Tx, claim: ClaimOfEvidence, trainerInvoiceId: string | undefined): Promise<void> {
  if (trainerInvoiceId === undefined) return;
  const found = await tx.query('SELECT FROM trainer_invoice WHERE id = $1 AND claim_id = $2', [
    trainerInvoiceId,
    claim.id,
  ]);
  if (found.length > 0) return;
  const message = 'This claim has no trainer invoice with this id.';
  throw refused('trainer_invoice_unknown', message, [
    { path: 'trainerInvoiceId', code: 'trainer_invoice_unknown', message },
  ]);
}

async function insert(
  tx: Tx,
  claim: ClaimOfEvidence,
  files: readonly ReceivedFile[],
  input: AddEvidenceInput,
): Promise<EvidenceEntity[]> {
  const records = files.map((file) => ({
    ...file,
    id: uuidv7(),
    authorityCode: claim.authority_code,
    claimId: claim.id,
    trainerInvoiceId: input.trainerInvoiceId ?? null,
    description: input.description ?? null,
    uploadedBy: tx.actor.userId,
    uploadedAt: tx.now,
    removedBy: null,
    removedAt: null,
    removedReason: null,
  }));
  await tx.manager.insert(EvidenceEntity, records);
  return records;
}

/** Who supplies what a claim rests on does not approve it (docs/domain.md, "Who"). Once approved, that is settled. */
async function becomeMaker(tx: Tx, claim: ClaimOfEvidence): Promise<void> {
  await tx.execute(
    `UPDATE claim SET makers = makers || $2::uuid WHERE id = $1 AND approved_by IS NULL AND NOT $2::uuid = ANY (makers)`,
    [claim.id, tx.actor.userId],
  );
}

const added = (file: EvidenceEntity) => ({
  chain: file.authorityCode,
  action: 'evidence.added',
  subjectType: 'evidence',
  subjectId: file.id,
  claimId: file.claimId,
  after: {
    sha256: file.sha256,
    size: file.size,
    mediaType: file.mediaType,
    trainerInvoiceId: file.trainerInvoiceId,
  },
});
