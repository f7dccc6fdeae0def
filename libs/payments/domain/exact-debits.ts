import { type PaymentState } from './payment-lifecycle.js';

/** A payment of an approved run as it was before the file that is being read. */
export interface AwaitedPayment {
  id: string;
  state: PaymentState;
  amountPence: number;
  matchedPence: number;
}

/** So much of a line is a payment. */
export interface DebitShare {
  payment: AwaitedPayment;
  /** Above 0. */
  pence: number;
}

const openOf = ({ amountPence, matchedPence }: AwaitedPayment): number => amountPence - matchedPence;
const isWhole = ({ payment, pence }: DebitShare): boolean => pence === openOf(payment);

/**
 * Which payments debits are (docs/domain.md, "Getting paid"). A line that names one payment is at most what is open of it: a part waits for
 * the rest. One that names several is exactly what is open of all. What would take a payment beyond its amount is left for a person,
 * the lines taken in the order of their file, but first what is all of it: a fee that speaks of the payment is not to keep it from
 * being settled.
 *
 * The lines are asked for once, as they come. Should a line be all of a payment of which an earlier one was taken for a part, `tooEarly` says
 * so at the end: what was answered is wrong then, and all is asked once more of `new ExactDebits(wholes)`, which leaves those parts.
 */
export class ExactDebits {
  tooEarly = false;
  /** Payments that a line is all of. */
  readonly wholes = new Set<string>();
  /** What parts came to, by payment. */
  private readonly parts = new Map<string, number>();
  private wholesNow: string[] = [];
  private partsNow: DebitShare[] = [];

  constructor(private readonly knownWholes: ReadonlySet<string> = new Set()) {}

  /** The shares of a line that debits so much and names these payments: none when it is left. */
  take(pence: number, named: readonly AwaitedPayment[]): DebitShare[] {
    const shares = sharesOf(pence, named);
    let allFit = true;
    for (const share of shares) allFit = (isWhole(share) ? this.takeWhole(share) : this.takePart(share)) && allFit;
    return allFit ? shares : [];
  }

  /** The statement stays. */
  keep(): void {
    this.tooEarly ||= this.wholesNow.some((id) => this.parts.has(id));
    this.wholesNow = [];
    this.partsNow = [];
  }

  /** The statement was there before: its lines have asked for nothing. */
  forget(): void {
    for (const id of this.wholesNow) this.wholes.delete(id);
    for (const { payment, pence } of this.partsNow) {
      const left = this.parts.get(payment.id)! - pence;
      if (left > 0) this.parts.set(payment.id, left);
      else this.parts.delete(payment.id);
    }
    this.wholesNow = [];
    this.partsNow = [];
  }

  private takeWhole({ payment }: DebitShare): boolean {
    if (this.wholes.has(payment.id)) return false;
    this.wholes.add(payment.id);
    this.wholesNow.push(payment.id);
    return !this.parts.has(payment.id);
  }

  private takePart(share: DebitShare): boolean {
    const { id } = share.payment;
    if (this.wholes.has(id) || this.knownWholes.has(id)) return false;
    const parts = (this.parts.get(id) ?? 0) + share.pence;
    this.parts.set(id, parts);
    this.partsNow.push(share);
    return parts <= openOf(share.payment);
  }
}

function sharesOf(pence: number, named: readonly AwaitedPayment[]): DebitShare[] {
  if (named.some((payment) => payment.state !== 'scheduled' || openOf(payment) <= 0)) return [];
  const [only] = named;
  if (named.length === 1) return pence <= openOf(only!) ? [{ payment: only!, pence }] : [];
  const open = named.reduce((sum, payment) => sum + openOf(payment), 0);
  return pence === open ? named.map((payment) => ({ payment, pence: openOf(payment) })) : [];
}
