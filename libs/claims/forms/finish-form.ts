import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { conflict, DomainError, refused } from '#kernel';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { honourVersion, validateInput } from '#platform/validation';
import { readClaimBody } from '../claim-body.input.js';
import { ClaimReader } from '../claim-reader.js';
import { bodyOf, loadClaim } from '../claim-record.js';
import { type ClaimBody } from '../domain/index.js';
import { bodyHash, storeDraft, storeDraftAgain } from '../save-draft.js';
import { FinishFormInput } from './form.input.js';
import { contentOf, loadForm, requireOpen, type FormRecord } from './form-record.js';
import { NO_INVOICE } from './judge-form.js';
import { formProblems, readForm } from './read-form.js';

export interface FinishedForm {
  form: string;
  claim: string;
  /** The claim's, as it is now. */
  version: number;
}

/**
 * Turns a form of which nothing is missing into its claim's draft: a new one, or what the draft says from now on. Done twice
 * it changes nothing the second time. What is typed afterwards waits in the form until it is finished again.
 */
@Injectable()
export class FinishForm {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /**
   * Throws malformed, not_found, forbidden, stale `version_stale` (the form was changed since it was checked), refused
   * `form_incomplete` with what is left by page and field, conflict `claim_changed_elsewhere`, `state_conflict`.
   */
  async run(actor: Actor, id: string, input: unknown): Promise<FinishedForm> {
    const { version, changedElsewhere } = validateInput(FinishFormInput, input);
    return this.uow.run(actor, async (tx) => {
      const form = await loadForm(tx, id, 'lock');
      requireMay(actor, 'claim.draft', { authority: form.authority });
      requireOpen(form);
      honourVersion(version, form.version);
      const body = wholeBody(form);
      if (form.claimId === null) return this.create(tx, form, body);
      return this.replace(tx, form, form.claimId, { body, keep: changedElsewhere === 'keep' });
    });
  }

  private async create(tx: Tx, form: FormRecord, body: ClaimBody): Promise<FinishedForm> {
    const claim = await storeDraft(tx, this.reader, body);
    await link(tx, form, claim, bodyHash(bodyOf(await loadClaim(tx, claim, 'look'))));
    return { form: form.id, claim, version: 1 };
  }

  private async replace(
    tx: Tx,
    form: FormRecord,
    claimId: string,
    { body, keep }: { body: ClaimBody; keep: boolean },
  ): Promise<FinishedForm> {
    const claim = await loadClaim(tx, claimId, 'lock');
    const now = bodyHash(bodyOf(claim));
    if (now === bodyHash(body)) {
      if (now !== form.claimBodySha256) await link(tx, form, claimId, now);
      return { form: form.id, claim: claimId, version: claim.version };
    }
    if (now !== form.claimBodySha256 && !keep) throw changedElsewhereConflict();
    await storeDraftAgain(tx, this.reader, claim, body);
    const after = await loadClaim(tx, claimId, 'look');
    await link(tx, form, claimId, bodyHash(bodyOf(after)));
    return { form: form.id, claim: claimId, version: after.version };
  }
}

const changedElsewhereConflict = () =>
  conflict(
    'claim_changed_elsewhere',
    'This claim was changed outside this form since it was started here. Keep what this form says, or discard the form and start from the claim as it is now.',
  );

/** Remembers which claim the form is of and what it said when both agreed. The form itself is not changed by that. */
async function link(tx: Tx, form: FormRecord, claimId: string, bodySha256: string): Promise<void> {
  await tx.execute('UPDATE claim_form SET claim_id = $2, claim_body_sha256 = $3 WHERE id = $1', [
    form.id,
    claimId,
    bodySha256,
  ]);
  await appendAudit(tx, {
    chain: form.authority,
    action: 'claim_form.finished',
    subjectType: 'claim_form',
    subjectId: form.id,
    after: { claimId, version: form.version, bodySha256 },
  });
}

function wholeBody(form: FormRecord): ClaimBody {
  const content = contentOf(form);
  const read = readForm(content);
  const problems = content.invoices.length === 0 ? [...read.problems, NO_INVOICE] : read.problems;
  if (problems.length > 0 || read.body === null) throw incomplete(problems);
  try {
    readClaimBody(read.body);
    return read.body;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw incomplete(formProblems(error.problems, content.invoices));
  }
}

/** Each problem names its page before the field: `details/purchaseOrder`. */
const incomplete = (problems: readonly { page: string; path: string; code: string; message: string }[]) =>
  refused(
    'form_incomplete',
    'Something is still missing or cannot be read. Complete each page, then go on.',
    problems.map(({ page, path, code, message }) => ({ path: `${page}/${path}`, code, message })),
  );
