import {
  aMadeEntry,
  camtOf,
  closingOf,
  mt940Of,
  type MadeEntry,
  type MadeStatement,
} from '../builders/bank-statement.js';
import { random, type Dice } from '../support/random.js';

/** What the bank has seen of the service, in an order that does not depend on chance. */
export interface Seen {
  /** Payments of approved runs that wait for the bank; what may be returned; receipts; repayments that an authority owes. */
  waiting: readonly Order[];
  settled: readonly Order[];
  receipts: readonly Order[];
  owed: readonly Order[];
}

export interface Order {
  reference: string;
  endToEndId: string;
  pence: number;
}

export interface Issued {
  text: string;
  type: string;
  made: MadeStatement;
}

/** Two numbers of a reference changed places, as happens on the way. */
const slipped = (reference: string): string =>
  `${reference.slice(0, -3)}${reference.at(-2)}${reference.at(-3)}${reference.at(-1)}`;

/**
 * The payer's bank: it makes most of what it is told to, in one way or another, brings some of it back, credits what others
 * pay, charges for it, and says so in numbered statements. Each is issued once and can be fetched again.
 */
export class Bank {
  private readonly issued: Issued[] = [];
  private readonly told = new Set<string>();

  constructor(private readonly seed: number) {}

  /** Statement number `at`, counted from 1: the same again once it was issued. */
  statement(at: number, on: string, seen: Seen): Issued {
    const known = this.issued[at - 1];
    if (known) return known;
    const dice = random(Math.imul(this.seed, 31) + at);
    const last = this.issued.at(-1)?.made;
    const made: MadeStatement = {
      iban: '00-00-00 12345678',
      currency: 'GBP',
      statementId: `S${at}`,
      sequence: at,
      openingPence: last ? closingOf(last) : 50_000,
      openingOn: on,
      entries: this.entries(dice, seen).map((entry, place) =>
        aMadeEntry({ ...entry, bookedOn: on, valueOn: on, bankReference: entry.bankReference ?? `B${at}X${place}` }),
      ),
    };
    const issued = dice.chance(0.3)
      ? { text: mt940Of(made), type: 'text/plain', made }
      : { text: camtOf(made, dice.pick(['02', '04', '08'])), type: 'application/xml', made };
    this.issued.push(issued);
    return issued;
  }

  private entries(dice: Dice, seen: Seen): Partial<MadeEntry>[] {
    const made = this.untold('paid', seen.waiting, dice, 0.85).flatMap((order) => payment(dice, order));
    const back = this.untold('back', seen.settled, dice, 0.1).map((order) => credit(order, order.endToEndId));
    const received = this.untold('received', seen.receipts, dice, 0.75).map((order) => ({
      ...credit(order, 'NOTPROVIDED'),
      bankReference: order.reference,
    }));
    const repaid = this.untold('repaid', seen.owed, dice, 0.25).map((order) => credit(order, 'NOTPROVIDED'));
    const charges = dice.chance(0.3) ? [plain(-(100 + dice.upTo(800)), 'Charges')] : [];
    const odd = dice.chance(0.15) ? [plain(dice.pick([-1, 1]) * (1 + dice.upTo(400)), 'Unknown')] : [];
    return [...received, ...made, ...back, ...repaid, ...charges, ...odd];
  }

  /** What it has not done yet, most of it. */
  private untold(what: string, orders: readonly Order[], dice: Dice, share: number): Order[] {
    const key = ({ endToEndId, reference }: Order): string => `${what} ${endToEndId} ${reference}`;
    const now = orders.filter((order) => !this.told.has(key(order)) && dice.chance(share));
    for (const order of now) this.told.add(key(order));
    return now;
  }
}

const plain = (amountPence: number, words: string): Partial<MadeEntry> => ({
  amountPence,
  reference: 'NONREF',
  endToEndId: 'NOTPROVIDED',
  counterparty: 'Somebody',
  remittance: words,
});

const credit = ({ pence, reference }: Order, endToEndId: string): Partial<MadeEntry> => ({
  ...plain(pence, reference),
  reference,
  endToEndId,
});

/** As told, by its reference alone, with a slip in it, or in two parts. */
function payment(dice: Dice, { reference, endToEndId, pence }: Order): Partial<MadeEntry>[] {
  const how = dice.upTo(100);
  if (how < 70) return [{ ...plain(-pence, reference), reference, endToEndId }];
  if (how < 82) return [plain(-pence, reference)];
  if (how < 92 || pence < 2) return [plain(-pence, slipped(reference))];
  const part = 1 + dice.upTo(pence - 1);
  return [part, pence - part].map((share) => ({ ...plain(-share, reference), reference, endToEndId }));
}
