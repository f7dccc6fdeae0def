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

/** How many entries are payments of ours: all but one in fifty, or one in ten, as on an account with other business. */
export type Mix = 'ours' | 'mixed';

const isForeign = (entry: number, mix: Mix): boolean => (mix === 'ours' ? entry % 50 === 49 : entry % 10 !== 3);
/** One in ten of ours gives the reference alone, within its text. */
const hasOnlyReference = (known: number): boolean => known % 10 === 3;

export const matchedOf = (entries: number, mix: Mix): number =>
  mix === 'ours' ? entries - Math.floor(entries / 50) : Math.floor(entries / 10);

/** Debits in turns: each payment was made in as many parts as come to it, so that all are settled by the last entry. */
function* entriesOf(payments: readonly MadePayment[], count: number, mix: Mix): Generator<MadeEntry> {
  const parts = Math.floor(matchedOf(count, mix) / payments.length);
  for (let entry = 0, known = 0; entry < count; entry += 1) {
    const bankReference = `B${String(entry).padStart(9, '0')}`;
    if (isForeign(entry, mix)) {
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
    yield aMadeEntry({
      ...{ amountPence: -amountPence, bankReference, reference: bankReference, counterparty: 'A local authority' },
      endToEndId: hasOnlyReference(known) ? 'NOTPROVIDED' : payment.endToEndId,
      remittance: `Reimbursement ${payment.reference}, part ${part + 1} of ${parts}`,
    });
    known += 1;
  }
}

/** Writes a camt.053.001.08 of so many entries. Those that are ours must be a multiple of the payments. */
export async function writeStatement(
  file: string,
  payments: readonly MadePayment[],
  { entries: count, mix }: { entries: number; mix: Mix },
): Promise<void> {
  const made = aMadeStatement({ iban: OUR_ACCOUNT, openingPence: OPENING_PENCE });
  const closing = closingOf({ ...made, entries: entriesOf(payments, count, mix) });
  const out = createWriteStream(file);
  for (const piece of camtPieces({ ...made, entries: entriesOf(payments, count, mix) }, closing)) {
    if (!out.write(piece)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}
