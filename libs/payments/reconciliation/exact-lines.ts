import { lockFunding } from '#funding';
import { statement, type Tx } from '#platform/database';
import {
  ExactDebits,
  isChargeCode,
  namesWithin,
  ownEndToEndId,
  type AwaitedPayment,
  type DebitShare,
  type LineTexts,
} from '../domain/index.js';

/** A line that may name payments: its place in the batch, and the names, which are looked up a batch at a time. */
export interface NamingLine {
  at: number;
  amountPence: number;
  /** The bank's own field, which says it all when it is of a payment of ours. */
  endToEndId: string | null;
  within: readonly string[];
}

/** A line with a payment that it names. Pence are signed as the line. */
export interface NamedLine {
  seq: number;
  paymentId: string;
  pence: number;
}

/** What the lines of one statement were found to be as it was read. */
export interface FoundExactly {
  /** Lines that are each one payment or a part of one: their matches came with them. */
  single: number;
  /** Lines that are several payments: their matches are yet to be made. */
  several: NamedLine[];
  /** Payments of either, as they were before. */
  payments: Map<string, AwaitedPayment>;
  credits: number;
  /** Credits that name one payment: perhaps it came back. */
  mayReturn: NamedLine[];
}

interface KnownPayment extends AwaitedPayment {
  reference: string;
  endToEndId: string;
  /** The bank was asked for it, by this programme. */
  awaited: boolean;
}

const nothing = (): FoundExactly => ({ single: 0, several: [], payments: new Map(), credits: 0, mayReturn: [] });

/**
 * Finds out what lines are while they are read, by what the bank gives exactly: the end-to-end id where it is one of ours, else
 * references and end-to-end ids anywhere in the texts. So a line comes into the database matched, and is not written twice.
 * Holds the payments that the file names, not its lines.
 */
export class ExactLines {
  private readonly known = new Map<string, KnownPayment>();
  private readonly debits: ExactDebits;
  private found = nothing();

  private constructor(
    private readonly tx: Tx,
    private readonly programme: string,
    wholes: ReadonlySet<string> | undefined,
  ) {
    this.debits = new ExactDebits(wholes);
  }

  /** Locks the programme's funding: until commit no payment moves but by this file. `wholes` are those of the reading before. */
  static async begin(tx: Tx, programme: string, wholes?: ReadonlySet<string>): Promise<ExactLines> {
    await lockFunding(tx, programme);
    return new ExactLines(tx, programme, wholes);
  }

  /** Of a file in which parts of a payment come before all of it: what it is to be read once more with. */
  get wholesTooLate(): ReadonlySet<string> | null {
    return this.debits.tooEarly ? this.debits.wholes : null;
  }

  /** What a line names, for `take`; null when nothing. */
  read(line: LineTexts & { amountPence: number; transactionCode: string | null }, at: number): NamingLine | null {
    const { amountPence } = line;
    // What the bank takes for making a payment names the payment too: it is no part of it.
    if (amountPence === 0 || (amountPence < 0 && isChargeCode(line.transactionCode))) return null;
    if (amountPence > 0) this.found.credits += 1;
    const endToEndId = ownEndToEndId(line);
    const within = endToEndId !== null && this.known.has(endToEndId) ? NONE : namesWithin(line);
    return endToEndId === null && within.length === 0 ? null : { at, amountPence, endToEndId, within };
  }

  /** Says of lines, in their order, which payment each debit is or is a part of; `linesBefore` are the statement's before the batch. */
  async take(lines: readonly NamingLine[], linesBefore: number): Promise<Map<number, string>> {
    await this.lookUp(lines);
    const singles = new Map<number, string>();
    for (const line of lines) {
      const named = this.namedBy(line);
      if (named.length === 0) continue;
      const seq = linesBefore + line.at + 1;
      if (line.amountPence > 0) this.addCredit(seq, line.amountPence, named);
      else {
        const shares = this.debits.take(-line.amountPence, named);
        this.addDebit(seq, shares);
        if (shares.length === 1) singles.set(line.at, shares[0]!.payment.id);
      }
    }
    return singles;
  }

  /** The statement is whole, and stays. */
  keep(): FoundExactly {
    this.debits.keep();
    return this.begun();
  }

  /** The statement was there before. */
  forget(): void {
    this.debits.forget();
    this.begun();
  }

  private begun(): FoundExactly {
    const { found } = this;
    this.found = nothing();
    return found;
  }

  private addDebit(seq: number, shares: readonly DebitShare[]): void {
    const { found } = this;
    if (shares.length === 1) found.single += 1;
    for (const { payment, pence } of shares) {
      found.payments.set(payment.id, payment);
      if (shares.length > 1) found.several.push({ seq, paymentId: payment.id, pence: -pence });
    }
  }

  private addCredit(seq: number, pence: number, named: readonly KnownPayment[]): void {
    if (named.length === 1) this.found.mayReturn.push({ seq, paymentId: named[0]!.id, pence });
  }

  private namedBy({ endToEndId, within }: NamingLine): KnownPayment[] {
    const given = endToEndId === null ? undefined : this.known.get(endToEndId);
    if (given) return given.awaited ? [given] : [];
    const named = new Set<KnownPayment>();
    for (const name of within) {
      const payment = this.known.get(name);
      if (payment?.awaited) named.add(payment);
    }
    return [...named];
  }

  private async lookUp(lines: readonly NamingLine[]): Promise<void> {
    const names = new Set<string>();
    const ask = (name: string): void => void (this.known.has(name) || names.add(name));
    for (const { endToEndId, within } of lines) {
      if (endToEndId !== null) ask(endToEndId);
      for (const name of within) ask(name);
    }
    if (names.size === 0) return;
    const rows = await this.tx.query<KnownPayment>(LOOK_UP, [[...names], this.programme]);
    for (const row of rows) {
      // Named in two ways it is one payment all the same.
      const payment = this.known.get(row.reference) ?? row;
      this.known.set(row.reference, payment);
      this.known.set(row.endToEndId, payment);
    }
  }
}

const NONE: readonly string[] = [];

const LOOK_UP = statement(
  `SELECT p.id, p.reference, p.end_to_end_id AS "endToEndId", p.state, p.amount_pence AS "amountPence", p.matched_pence AS "matchedPence",
          r.state = 'approved' AND r.programme_code = $2 AS awaited
     FROM payment p JOIN payment_run r ON r.id = p.run_id
    WHERE p.id IN (SELECT id FROM payment WHERE end_to_end_id = ANY ($1::text[]) UNION SELECT id FROM payment WHERE reference = ANY ($1::text[]))`,
);
