import { type LockedAllocation } from '#programme';
import { type Tx } from '#platform/database';
import { unsupportedCharacter } from '#platform/pdf';
import {
  invoiceNumberKey,
  trainerNameKey,
  vatNumberKey,
  type CalculationFacts,
  type ClaimBody,
} from './domain/index.js';

interface Duplicate {
  index: number;
  claim_id: string;
  invoice_number: string | null;
}

/**
 * What the calculation must be told that is not in the claim: the date, the days left, trainer invoices already claimed.
 * `allocations` are the caller's, locked or only looked at; `claimId` is the claim itself, which is no duplicate of its own.
 */
export async function gatherFacts(
  tx: Tx,
  of: { body: ClaimBody; claimId: string | null; today: string; allocations: readonly LockedAllocation[] },
): Promise<CalculationFacts> {
  const { trainerInvoices } = of.body;
  const duplicates = await tx.query<Duplicate>(
    `SELECT DISTINCT ON (w.index) w.index, i.claim_id, c.invoice_number
       FROM unnest($2::int[], $3::text[], $4::text[], $5::text[]) AS w (index, number_key, trainer_key, vat_key)
       JOIN trainer_invoice i ON i.authority_code = $1 AND i.live AND i.number_key = w.number_key
            AND (i.trainer_key = w.trainer_key OR i.vat_key = w.vat_key) AND i.claim_id IS DISTINCT FROM $6::uuid
       JOIN claim c ON c.id = i.claim_id
      ORDER BY w.index`,
    [
      of.body.authority,
      trainerInvoices.map((_, index) => index),
      trainerInvoices.map((invoice) => invoiceNumberKey(invoice.number)),
      trainerInvoices.map((invoice) => trainerNameKey(invoice.trainer.name)),
      trainerInvoices.map((invoice) => vatNumberKey(invoice.trainer)),
      of.claimId,
    ],
  );
  return {
    today: of.today,
    daysLeft: Object.fromEntries(of.allocations.map((allocation) => [allocation.category, allocation.left])),
    duplicateInvoices: duplicates.map((row) => ({
      index: row.index,
      detail: `claim ${row.invoice_number ?? row.claim_id}`,
    })),
    unsupportedCharacter,
  };
}
