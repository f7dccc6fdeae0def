import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { malformed, refused } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { programmesOf, requireParticipant } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { bodyOf, loadClaim } from '../claim-record.js';
import { editConflict } from '../change-state.js';
import { isEditable, EDITABLE_STATES } from '../domain/index.js';
import { bodyHash } from '../save-draft.js';
import { blankDetails, DETAILS, type DetailsContent, type InvoiceContent } from './form-content.js';
import { StartFormInput } from './form.input.js';
import { typedClaim, typedCopy } from './typed-from-body.js';

/** Open forms of an authority: more than anybody works at, and few enough for one page. */
const MOST_OPEN_FORMS = 200;

export interface StartedForm {
  id: string;
  /** Somebody had started it already. */
  existing: boolean;
  /** Another form of the same claim was put away before: what was typed there since it agreed with the claim is not in this one. */
  putAway: boolean;
}

interface NewForm {
  programme: string;
  claim: { id: string; bodySha256: string } | null;
  like: string | null;
  typed: { details: DetailsContent; invoices: InvoiceContent[] };
}

/** Begins a form: blank, from a draft or returned claim of the actor's authority, or like an earlier claim of it. */
@Injectable()
export class StartForm {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * A claim has one form: who starts it again goes on with that one. Throws malformed (a programme has to be named), not_found,
   * forbidden, conflict `state_conflict`, refused `too_many_forms`.
   */
  async run(actor: Actor, input: unknown): Promise<StartedForm> {
    const { programme, claim, like } = validateInput(StartFormInput, input);
    requireMay(actor, 'claim.draft');
    return this.uow.run(actor, async (tx) => {
      if (claim !== undefined) return fromClaim(tx, claim);
      if (like !== undefined) return create(tx, await likeClaim(tx, like));
      const of = programme ?? (await onlyProgramme(tx));
      await requireParticipant(tx, of, actor.organisation);
      const typed = { details: blankDetails(), invoices: [] };
      return create(tx, { programme: of, claim: null, like: null, typed });
    });
  }
}

async function fromClaim(tx: Tx, id: string): Promise<StartedForm> {
  const claim = await loadClaim(tx, id, 'look');
  requireMay(tx.actor, 'claim.draft', { authority: claim.authority_code });
  if (!isEditable(claim.state)) throw editConflict();
  const body = bodyOf(claim);
  const open = await formOfClaim(tx, id);
  if (open !== null) return { id: open, existing: true, putAway: false };
  return create(tx, {
    programme: claim.programme_code,
    claim: { id, bodySha256: bodyHash(body) },
    like: null,
    typed: typedClaim(body),
  });
}

async function likeClaim(tx: Tx, id: string): Promise<NewForm> {
  const claim = await loadClaim(tx, id, 'look');
  requireMay(tx.actor, 'claim.draft', { authority: claim.authority_code });
  return { programme: claim.programme_code, claim: null, like: id, typed: typedCopy(bodyOf(claim)) };
}

async function onlyProgramme(tx: Tx): Promise<string> {
  const [only, another] = await programmesOf(tx, tx.actor.organisation);
  if (only !== undefined && another === undefined) return only;
  const message = 'Choose the programme you are claiming from.';
  throw malformed([{ path: 'programme', code: 'required', message }]);
}

async function formOfClaim(tx: Tx, claimId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    'SELECT id FROM claim_form WHERE claim_id = $1 AND discarded_at IS NULL',
    [claimId],
  );
  return row?.id ?? null;
}

async function wasPutAway(tx: Tx, authority: string, claimId: string): Promise<boolean> {
  const rows = await tx.query(
    'SELECT 1 FROM claim_form WHERE authority_code = $1 AND claim_id = $2 AND discarded_at IS NOT NULL LIMIT 1',
    [authority, claimId],
  );
  return rows.length > 0;
}

async function create(tx: Tx, form: NewForm): Promise<StartedForm> {
  const { actor, now } = tx;
  const authority = actor.organisation;
  await requireRoom(tx, authority);
  const id = uuid();
  const made = await tx.execute(
    `INSERT INTO claim_form (id, programme_code, authority_code, claim_id, claim_body_sha256, created_by, created_at, updated_by, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $7)
     ON CONFLICT (claim_id) WHERE claim_id IS NOT NULL AND discarded_at IS NULL DO NOTHING`,
    [id, form.programme, authority, form.claim?.id ?? null, form.claim?.bodySha256 ?? null, actor.userId, now],
  );
  // Two people who start the same claim's form at once get one form: the second waits above for the first.
  if (made === 0) return { id: (await formOfClaim(tx, form.claim!.id))!, existing: true, putAway: false };
  const { details, invoices } = form.typed;
  const pages = [
    { key: DETAILS, slot: 0, content: JSON.stringify(details) },
    ...invoices.map((invoice, at) => ({ key: uuid(), slot: at + 1, content: JSON.stringify(invoice) })),
  ];
  await tx.execute(
    `INSERT INTO claim_form_page (form_id, key, authority_code, slot, content, updated_by, updated_at)
     SELECT $1, key, $2, slot, content::jsonb, $4, $5
       FROM json_to_recordset($3::json) AS p (key text, slot smallint, content text)`,
    [id, authority, JSON.stringify(pages), actor.userId, now],
  );
  await appendAudit(tx, {
    chain: authority,
    action: 'claim_form.started',
    subjectType: 'claim_form',
    subjectId: id,
    after: { programme: form.programme, claimId: form.claim?.id ?? null, like: form.like, invoices: invoices.length },
  });
  const putAway = form.claim !== null && (await wasPutAway(tx, authority, form.claim.id));
  return { id, existing: false, putAway };
}

async function requireRoom(tx: Tx, authority: string): Promise<void> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM claim_form f LEFT JOIN claim c ON c.id = f.claim_id
      WHERE f.authority_code = $1 AND f.discarded_at IS NULL AND (f.claim_id IS NULL OR c.state = ANY ($2))`,
    [authority, EDITABLE_STATES],
  );
  if (row!.count < MOST_OPEN_FORMS) return;
  throw refused(
    'too_many_forms',
    `Your authority has ${MOST_OPEN_FORMS} claims in preparation already. Submit or discard some first.`,
  );
}
