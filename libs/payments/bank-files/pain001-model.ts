/** An account that is paid from or to: by sort code in the UK's clearing, by IBAN and BIC elsewhere. */
export type PaymentAccount =
  { kind: 'uk'; sortCode: string; accountNumber: string } | { kind: 'iban'; iban: string; bic: string };

export const PAYMENT_ROUTES = ['domestic', 'overseas'] as const;
export type PaymentRoute = (typeof PAYMENT_ROUTES)[number];

/** A bank file before it is written, frozen with the run: the same model gives the same bytes, now and in a year. */
export interface Pain001Model {
  /** Up to 33 characters: two more name its parts. */
  messageId: string;
  /** `2018-05-02T10:00:00Z`, or with milliseconds. */
  createdAt: string;
  /** The day the bank is asked to pay, `YYYY-MM-DD`. */
  executionOn: string;
  /** ISO 4217, of every payment. */
  currency: string;
  /** Whether the bank shows the run as one debit (true) or each payment (false). */
  batchBooking: boolean;
  /** `SvcLvl` by route as the bank wants it, such as `NURG` or `URGP`; null leaves it out. */
  serviceLevels: Readonly<Record<PaymentRoute, string | null>>;
  debtor: { name: string; country: string | null; account: PaymentAccount };
  payments: readonly Pain001Payment[];
}

export interface Pain001Payment {
  /** Up to 35 characters, never used before: it is how the bank's statement and status tell the payment. */
  endToEndId: string;
  /** Minor units of the model's currency. */
  amountPence: number;
  creditor: { name: string; country: string | null; account: PaymentAccount };
  /** Up to 18 characters, shown on the payee's statement. */
  reference: string;
  /** Overseas the payer bears every charge (`ChrgBr` DEBT), so that the payee gets the whole amount. */
  route: PaymentRoute;
}
