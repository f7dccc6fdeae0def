import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import {
  aMadeEntry,
  aMadeStatement,
  camtPieces,
  closingOf,
  type MadeEntry,
} from '../../test/builders/bank-statement.js';

/** A payment of an approved run, as the bank was told to make it. */
export interface MadePayment {
  amountPence: number;
  reference: string;
  endToEndId: string;
}

/** The demonstration's account to pay from, as a bank writes it. */
const OUR_ACCOUNT = '00-00-00 12345678';
const OPENING_PENCE = 100_000_000_000;

/** One in fifty is nobody's that we know; of the others one in ten gives the reference alone, within its text. */
const isForeign = (entry: number): boolean => entry % 50 === 49;
const hasOnlyReference = (entry: number): boolean => entry % 10 === 3;

export const foreignOf = (entries: number): number => Math.floor(entries / 50);

/** Debits in turns: each payment was made in as many parts as come to it, so that all are settled by the last entry. */
function* entriesOf(payments: readonly MadePayment[], count: number): Generator<MadeEntry> {
  const parts = Math.floor((count - foreignOf(count)) / payments.length);
  for (let entry = 0, known = 0; entry < count; entry += 1) {
    const bankReference = `B${String(entry).padStart(9, '0')}`;
    if (isForeign(entry)) {
      yield aMadeEntry({
        ...{ amountPence: -1_999, bankReference, reference: bankReference, endToEndId: `OTHER-${entry}` },
        ...{ counterparty: 'A supplier of stationery', remittance: `Order ${entry}, paper and ink` },
      });
      continue;
    }
    const payment = payments[known % payments.length]!;
    const part = Math.floor(known / payments.length);
    const even = Math.floor(payment.amountPence / parts);
    const amountPence = part === 0 ? payment.amountPence - even * (parts - 1) : even;
    known += 1;
    yield aMadeEntry({
      ...{ amountPence: -amountPence, bankReference, reference: bankReference, counterparty: 'A local authority' },
      endToEndId: hasOnlyReference(entry) ? 'NOTPROVIDED' : payment.endToEndId,
      remittance: `Reimbursement ${payment.reference}, part ${part + 1} of ${parts}`,
    });
  }
}

/** Writes a camt.053.001.08 of so many entries. `count` less the foreign ones must be a multiple of the payments. */
export async function writeStatement(file: string, payments: readonly MadePayment[], count: number): Promise<void> {
  const made = aMadeStatement({ iban: OUR_ACCOUNT, openingPence: OPENING_PENCE });
  const closing = closingOf({ ...made, entries: entriesOf(payments, count) });
  const out = createWriteStream(file);
  for (const piece of camtPieces({ ...made, entries: entriesOf(payments, count) }, closing)) {
    if (!out.write(piece)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}
