import {
  aCsvMapping,
  aMadeEntry,
  camtOf,
  closingOf,
  csvOf,
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
  /** As it arrives when it arrives broken. */
  broken(dice: Dice): string;
}

const ACCOUNT = '00-00-00 12345678';
/** How the bank lays out its CSV. */
export const OUR_MAPPING = aCsvMapping({ account: { value: ACCOUNT }, order: 'newest_first', delimiter: ';' });

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
      iban: ACCOUNT,
      currency: 'GBP',
      statementId: `S${at}`,
      sequence: at,
      openingPence: last ? closingOf(last) : 50_000,
      openingOn: on,
      entries: this.entries(dice, seen).map((entry, place) =>
        aMadeEntry({ ...entry, bookedOn: on, valueOn: on, bankReference: entry.bankReference ?? `B${at}X${place}` }),
      ),
    };
    // A CSV has neither a number nor a date of its own, and has entries.
    const csv = [...made.entries].length > 0;
    const issued = written(made, dice.pick(csv ? ['camt', 'mt940', 'csv'] : ['camt', 'mt940']), dice);
    this.issued.push(issued);
    return issued;
  }

  /** One that was issued before, in any format. */
  again(at: number, dice: Dice, mapped: boolean): Issued {
    const { made } = this.issued[at - 1]!;
    const csv = mapped && [...made.entries].length > 0;
    return written(made, dice.pick(csv ? ['camt', 'mt940', 'csv'] : ['camt', 'mt940']), dice);
  }

  /** What statement number `at` says, in a word; nothing of one that was not issued. */
  said(at: number): string {
    const made = this.issued[at - 1]?.made;
    if (!made) return 'nothing';
    const lines = [...made.entries]
      .sort((a, b) =>
        a.bankReference === b.bankReference
          ? a.amountPence - b.amountPence
          : a.bankReference < b.bankReference
            ? -1
            : 1,
      )
      .map(({ bankReference, bookedOn, amountPence }) => `${bankReference} ${bookedOn} ${amountPence}`);
    return [made.openingPence, closingOf(made), ...(lines.length > 0 ? [lines.join(', ')] : [])].join(' ');
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

function written(made: MadeStatement, format: 'camt' | 'mt940' | 'csv', dice: Dice): Issued {
  const tailless = (text: string) => (by: Dice) => text.slice(0, -20 - by.upTo(200));
  if (format === 'csv') {
    const text = csvOf(made, OUR_MAPPING);
    // What a CSV has lost at its end nobody can see in it.
    return { text, type: 'text/csv', made, broken: () => text.replace('Balance', 'Saldo') };
  }
  const text = format === 'mt940' ? mt940Of(made) : camtOf(made, dice.pick(['02', '04', '08']));
  return { text, type: format === 'mt940' ? 'text/plain' : 'application/xml', made, broken: tailless(text) };
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
