import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { londonDate } from '#kernel';
import { appendAudit } from '#audit';
import { Notices } from '#documents';
import { requireMay, usersWithRole } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { TextField, validateInput } from '#platform/validation';
import { loadAuthority, TermsStore, type ProgrammeTerms } from '#programme';
import { loadClaim, type ClaimRecord } from '../claim-record.js';
import { messageLetter } from './message-letter.js';
import { type MessageView } from './message.view.js';

export class MessageInput {
  @TextField({ max: 2000, lines: true, example: 'Is the second day of March in this invoice, or in the next?' })
  text: string;
}

/** Writes to the other side about a claim; the other side gets it by e-mail too. */
@Injectable()
export class PostMessage {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /** Throws malformed, not_found, forbidden. */
  run(actor: Actor, claimId: string, body: unknown): Promise<MessageView> {
    const { text } = validateInput(MessageInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const claim = await loadClaim(tx, claimId, 'look');
      requireMay(actor, 'claim.message', { authority: claim.authority_code });
      const message: MessageView = {
        ...{ id: uuid(), claimId, authorId: actor.userId, organisation: actor.organisation, text },
        sentAt: tx.now.toISOString(),
      };
      await tx.execute(
        `INSERT INTO claim_message (id, claim_id, authority_code, author_id, organisation, body, sent_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [message.id, claimId, claim.authority_code, actor.userId, actor.organisation, text, tx.now],
      );
      await this.tell(tx, claim, message);
      // The trail says that something was written, not what: its entries hold no words of people.
      await appendAudit(tx, {
        ...{
          chain: claim.authority_code,
          action: 'claim.message_sent',
          subjectType: 'claim',
          subjectId: claimId,
          claimId,
        },
        after: { messageId: message.id },
      });
      return message;
    });
  }

  private async tell(tx: Tx, claim: ClaimRecord, { id, text }: MessageView): Promise<void> {
    const terms = await this.termsOf(tx, claim);
    const authority = await loadAuthority(tx, claim.authority_code);
    const toPayer = tx.actor.scope !== '*';
    const letter = messageLetter(
      {
        ...{ text, claimId: claim.id, from: toPayer ? authority.name : terms.payer.shortName },
        claimName: claim.invoice_number ?? `a claim of ${authority.name}`,
      },
      terms,
    );
    const addresses = toPayer ? [terms.payer.invoiceEmail] : await this.officersOf(tx, claim.authority_code);
    await this.notices.send(
      tx,
      addresses.map((to) => ({
        ...{ key: `message:${id}:${to}`.slice(0, 200), owner: claim.authority_code, to, letter },
        audience: toPayer ? ('payer' as const) : ('authority' as const),
      })),
    );
  }

  private async officersOf(tx: Tx, authority: string): Promise<string[]> {
    const officers = await usersWithRole(tx, authority, 'la_finance');
    return officers.map(({ email }) => email);
  }

  private async termsOf(tx: Tx, claim: ClaimRecord): Promise<ProgrammeTerms> {
    const stored = claim.terms_id
      ? await this.terms.byId(tx, claim.terms_id)
      : await this.terms.inForce(tx, claim.programme_code, londonDate(tx.now));
    return stored.terms;
  }
}
