import { Inject, Injectable } from '@nestjs/common';
import { londonDate, malformed, refused, type Problem } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { UNDERSPENDS, type Underspend } from '#programme/domain';
import { UnitOfWork, violatedConstraint, type Actor, type Tx } from '#platform/database';
import { requirePrintable } from '#platform/pdf';
import {
  ArrayField,
  CodeField,
  DateField,
  EnumField,
  NestedField,
  PenceField,
  requireVersion,
  TextField,
  validateInput,
  type ExpectedVersion,
} from '#platform/validation';
import { workOutGrant } from './domain/index.js';
import { findGrant, lockGrant, readDetails, type GrantDetails, type GrantKey } from './grant-record.js';
import { presentGrant } from './present-grant.js';
import { type GrantView } from './grant.view.js';

export class GrantReceiptInput {
  @PenceField({ min: 1, max: 1_000_000_000 })
  amountPence: number;

  @DateField()
  receivedOn: string;

  @TextField({ max: 500, optional: true, nullable: true, description: 'Why it is not the amount worked out.' })
  reason?: string | null;
}

export class GrantHolderInput {
  @DateField()
  startsOn: string;

  @DateField({ optional: true, nullable: true, description: 'Last day in the post; null: holds it still.' })
  endsOn?: string | null;
}

/** What an authority records of its grant. Holders by their dates alone: nothing here needs a name. */
export class GrantInput {
  @CodeField(/^[a-z][a-z0-9_]{0,39}$/, {
    nullable: true,
    example: 'project_management',
    description: 'One of `posts`; null while it is not decided.',
  })
  post: string | null;

  @NestedField(() => GrantReceiptInput, { nullable: true, description: 'The one payment; null until it came.' })
  receipt: GrantReceiptInput | null;

  @ArrayField(() => GrantHolderInput, { max: 20, description: 'Who held the post when, by dates alone.' })
  holders: GrantHolderInput[];

  @EnumField(UNDERSPENDS, {
    optional: true,
    nullable: true,
    description: 'What the conditions of this grant say of underspend; left out: as the programme’s terms.',
  })
  underspend?: Underspend | null;
}

/** The authority's finance officer keeps post, receipt, holders and conditions of its grant. */
@Injectable()
export class UpdateGrant {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Replaces them all. Throws malformed, not_found, forbidden, stale `version_stale`, precondition_required, refused
   * `grant_date_in_future`, `grant_receipt_reason_missing`, `grant_overspent`, `unsupported_character`.
   */
  async run(
    actor: Actor,
    code: string,
    body: unknown,
    of: { programme: string | null; expected: ExpectedVersion },
  ): Promise<GrantView> {
    const input = validateInput(GrantInput, body);
    requireForwards(input);
    return this.uow.run(actor, async (tx) => {
      const key = await findGrant(tx, code, of.programme);
      requireMay(actor, 'grant.edit', { authority: code });
      await lockGrant(tx, key);
      const before = await readDetails(tx, key);
      requireVersion(of.expected, before.version);
      requireKnownPost(key, input);
      requirePrintable(input);
      requireSoundReceipt(key, input.receipt, londonDate(tx.now));
      await save(tx, key, input, before.version + 1);
      const after = await readDetails(tx, key);
      await appendAudit(tx, {
        chain: code,
        action: 'grant.details_changed',
        subjectType: 'grant',
        subjectId: `${key.programme}-${code}`,
        before: kept(before),
        after: kept(after),
        reason: input.receipt?.reason ?? null,
      });
      return presentGrant(tx, key);
    });
  }
}

const kept = ({ post, receipt, underspend, holders, version }: GrantDetails) => ({
  version,
  post,
  receipt: receipt && { amountPence: receipt.amountPence, receivedOn: receipt.receivedOn },
  underspend,
  holders,
});

function requireForwards({ holders }: GrantInput): void {
  const problems = holders.flatMap(({ startsOn, endsOn }, at): Problem[] =>
    endsOn == null || endsOn >= startsOn
      ? []
      : [{ path: `holders[${at}].endsOn`, code: 'out_of_range', message: 'Give a day on or after startsOn.' }],
  );
  if (problems.length > 0) throw malformed(problems);
}

function requireKnownPost({ terms }: GrantKey, { post }: GrantInput): void {
  const codes = terms.posts.map(({ code }) => code);
  if (post === null || codes.includes(post)) return;
  throw malformed([{ path: 'post', code: 'not_one_of', message: `Give one of: ${codes.join(', ')}.` }]);
}

/** One payment of the amount worked out; of another amount, with the reason (guide, Direct funding for LAs). */
function requireSoundReceipt({ terms }: GrantKey, receipt: GrantReceiptInput | null, today: string): void {
  if (receipt === null) return;
  if (receipt.receivedOn > today) {
    const message = 'The date lies in the future. Record the grant once it has come.';
    const problem = { path: 'receipt.receivedOn', code: 'grant_date_in_future', message };
    throw refused('grant_date_in_future', message, [problem]);
  }
  if (receipt.amountPence !== workOutGrant(terms).amountPence && receipt.reason == null) {
    const message = 'This is not the amount worked out from the terms. Say why.';
    const problem = { path: 'receipt.reason', code: 'grant_receipt_reason_missing', message };
    throw refused('grant_receipt_reason_missing', message, [problem]);
  }
}

async function save(tx: Tx, key: GrantKey, input: GrantInput, version: number): Promise<void> {
  const of = [key.programme, key.authority];
  const { receipt, holders } = input;
  try {
    await tx.execute(
      // Until the grant is received not below what was spent, as `lockGrant` left it.
      `UPDATE grant_award SET worked_out_pence = CASE WHEN $6::bigint IS NULL THEN greatest($3, spent_pence) ELSE $3 END,
              post = $4, received_on = $5, received_pence = $6, receipt_reason = $7,
              underspend = $8, version = $9, updated_at = $10
        WHERE programme_code = $1 AND authority_code = $2`,
      [
        ...of,
        workOutGrant(key.terms).amountPence,
        input.post,
        receipt?.receivedOn ?? null,
        receipt?.amountPence ?? null,
        receipt?.reason ?? null,
        input.underspend ?? null,
        version,
        tx.now,
      ],
    );
  } catch (error) {
    if (violatedConstraint(error) !== 'grant_not_overspent') throw error;
    throw refused('grant_overspent', 'More is recorded as spent than this amount. Correct the spending first.');
  }
  await tx.execute('DELETE FROM grant_holder WHERE programme_code = $1 AND authority_code = $2', of);
  await tx.execute(
    `INSERT INTO grant_holder (programme_code, authority_code, position, starts_on, ends_on)
     SELECT $1, $2, h.position, h.starts_on, h.ends_on
       FROM unnest($3::date[], $4::date[]) WITH ORDINALITY AS h (starts_on, ends_on, position)`,
    [...of, holders.map(({ startsOn }) => startsOn), holders.map(({ endsOn }) => endsOn ?? null)],
  );
}
