import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, londonDate, refused } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, violatedConstraint, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { bankReferenceKey } from '../domain/index.js';
import { previewFunding } from '../fund-queue.js';
import { programmeMeant } from '../programme-funding.js';
import { payableRequest } from '../requests/request-record.js';
import { ReceiptInput } from './receipt.input.js';
import { receiptView } from './receipt-record.js';
import { type ReceiptPreview, type ReceiptView } from './receipt.view.js';

/** Money came from the funder: one person records it, and it funds nothing until another has confirmed it. */
@Injectable()
export class RecordReceipt {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Throws malformed, not_found, forbidden, conflict `duplicate_receipt`, refused `received_in_future`,
   * `request_not_submitted`.
   */
  async run(actor: Actor, body: unknown): Promise<ReceiptView> {
    const input = validateInput(ReceiptInput, body);
    const id = uuid();
    try {
      return await this.uow.run(actor, async (tx) => {
        const programme = await check(tx, input);
        await insert(tx, id, programme, input);
        await appendAudit(tx, {
          chain: programme,
          action: 'funding_receipt.recorded',
          subjectType: 'funding_receipt',
          subjectId: id,
          after: {
            state: 'recorded',
            amountPence: input.amountPence,
            receivedOn: input.receivedOn,
            fundingRequestId: input.fundingRequestId ?? null,
          },
        });
        return receiptView(tx, id);
      });
    } catch (error) {
      if (violatedConstraint(error) !== 'funding_receipt_once') throw error;
      throw duplicate();
    }
  }

  /** What confirming such a receipt now would fund; stores nothing. Throws as `run`, and conflict `duplicate_receipt` too. */
  preview(actor: Actor, body: unknown): Promise<ReceiptPreview> {
    const input = validateInput(ReceiptInput, body);
    return this.uow.read(actor, async (tx) => {
      const programme = await check(tx, input);
      const known = await tx.query(
        `SELECT 1 FROM funding_receipt WHERE programme_code = $1 AND reference_key = $2 AND amount_pence = $3 AND state <> 'reversed' AND source = 'funder'`,
        [programme, bankReferenceKey(input.bankReference), input.amountPence],
      );
      if (known.length > 0) throw duplicate();
      const act = { programme, requestId: input.fundingRequestId?.toLowerCase() ?? null };
      const { claimIds, unallocatedPence } = await previewFunding(tx, act, input);
      return { amountPence: input.amountPence, fundedClaimIds: claimIds, unallocatedPence };
    });
  }
}

const duplicate = (): Error =>
  conflict(
    'duplicate_receipt',
    'A receipt of this amount with this bank reference is recorded already. Reverse that one first if it is wrong.',
  );

/** Answers the programme that the money is for. */
async function check(tx: Tx, input: ReceiptInput): Promise<string> {
  requireMay(tx.actor, 'funding_receipt.record');
  const { fundingRequestId } = input;
  const named =
    fundingRequestId === undefined ? input.programme : await payableRequest(tx, fundingRequestId, input.programme);
  const programme = await programmeMeant(tx, named);
  if (input.receivedOn > londonDate(tx.now)) {
    throw refused('received_in_future', 'Money cannot have come after today. Correct receivedOn.');
  }
  return programme;
}

async function insert(tx: Tx, id: string, programme: string, input: ReceiptInput): Promise<void> {
  await tx.execute(
    `INSERT INTO funding_receipt (id, programme_code, state, amount_pence, received_on, bank_reference, reference_key, request_id,
       recorded_by, recorded_at, updated_at) VALUES ($1, $2, 'recorded', $3, $4, $5, $6, $7, $8, $9, $9)`,
    [
      id,
      programme,
      input.amountPence,
      input.receivedOn,
      input.bankReference,
      bankReferenceKey(input.bankReference),
      input.fundingRequestId ?? null,
      tx.actor.userId,
      tx.now,
    ],
  );
}
