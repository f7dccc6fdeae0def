import { londonDate } from '#kernel';
import { type DebtorAccount } from '#programme';
import { type Tx } from '#platform/database';
import { type Pain001Model, type Pain001Payment, type PaymentAccount } from '../bank-files/pain001-model.js';
import { writePain001 } from '../bank-files/pain001.js';
import { type RunRow } from './run-record.js';

interface Row {
  endToEndId: string;
  reference: string;
  amountPence: number;
  accountName: string;
  country: string;
  sortCode: string | null;
  accountNumber: string | null;
  iban: string | null;
  bic: string | null;
}

/**
 * The bank file of a run being approved at `at`, out of what was frozen when it was prepared; payable on the London day of
 * the approval. Payments that are wholly set off are not in it. Throws InvalidValue for what a bank file cannot hold.
 */
export async function bankFile(tx: Tx, run: RunRow, at: Date): Promise<Buffer> {
  const rows = await tx.query<Row>(
    `SELECT p.end_to_end_id AS "endToEndId", p.reference, p.amount_pence AS "amountPence", b.account_name AS "accountName",
            a.country, b.sort_code AS "sortCode", b.account_number AS "accountNumber", b.iban, b.bic
       FROM payment p JOIN bank_details b ON b.authority_code = p.authority_code AND b.version = p.account_version
       JOIN authority_profile a ON a.authority_code = p.authority_code
      WHERE p.run_id = $1 AND p.amount_pence > 0 ORDER BY p.authority_code`,
    [run.id],
  );
  const model: Pain001Model = {
    messageId: run.number,
    createdAt: at.toISOString(),
    executionOn: londonDate(at),
    currency: run.currency,
    batchBooking: false,
    serviceLevels: { domestic: null, overseas: null },
    debtor: { name: run.debtor.name, country: null, account: debtorAccount(run.debtor) },
    payments: rows.map(paymentOf),
  };
  return Buffer.from(writePain001(model), 'utf8');
}

const debtorAccount = (debtor: DebtorAccount): PaymentAccount =>
  'iban' in debtor
    ? { kind: 'iban', iban: debtor.iban, bic: debtor.bic }
    : { kind: 'uk', sortCode: debtor.sortCode, accountNumber: debtor.accountNumber };

/** In the UK's own clearing by sort code; what has an IBAN goes abroad, the payer bearing every charge. */
function paymentOf(row: Row): Pain001Payment {
  const uk = row.sortCode !== null && row.accountNumber !== null;
  const account: PaymentAccount = uk
    ? { kind: 'uk', sortCode: row.sortCode!, accountNumber: row.accountNumber! }
    : { kind: 'iban', iban: row.iban!, bic: row.bic! };
  return {
    endToEndId: row.endToEndId,
    amountPence: row.amountPence,
    creditor: { name: row.accountName, country: row.country, account },
    reference: row.reference,
    route: uk ? 'domestic' : 'overseas',
  };
}
