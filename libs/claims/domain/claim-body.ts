/** What an authority writes in a claim. Money in whole pence, dates `YYYY-MM-DD`, decimals as text. Its form is checked before. */
export interface ClaimBody {
  programme: string;
  authority: string;
  /** The authority's own reference and purchase order, printed on the claim invoice. */
  authorityReference?: string | null;
  purchaseOrder?: string | null;
  trainerInvoices: TrainerInvoiceBody[];
}

/** A trainer's invoice to the authority: always claimed whole. */
export interface TrainerInvoiceBody {
  trainer: TrainerBody;
  number: string;
  issuedOn: string;
  /** When the authority paid the trainer. */
  paidOn?: string | null;
  lines: ClaimLineBody[];
}

export interface TrainerBody {
  name: string;
  /** Absent when the trainer is not VAT-registered. */
  vatNumber?: string | null;
  /** ISO 3166-1 alpha-2; GB when absent. */
  country?: string;
}

export type ClaimLineBody = TrainingLineBody | TravelLineBody;

interface LineMoney {
  description: string;
  netPence: number;
  /** Per cent, a decimal such as `"20"`. */
  vatRate: string;
  vatPence: number;
}

export interface TrainingLineBody extends LineMoney {
  kind: 'training';
  category: string;
  rate: string;
  bookedOn: string;
  deliveredOn: string[];
  /** Trainers × days, a decimal of at most three places. */
  trainerDays: string;
}

export interface TravelLineBody extends LineMoney {
  kind: 'travel';
}

/** A trainer is in the United Kingdom unless the claim says otherwise. */
export const countryOf = (trainer: TrainerBody): string => trainer.country || 'GB';

/** A line with the invoice it is on, and where both are in the body. */
export interface PlacedLine<Line extends ClaimLineBody = ClaimLineBody> {
  readonly line: Line;
  readonly invoice: TrainerInvoiceBody;
  readonly invoiceAt: number;
  readonly lineAt: number;
  readonly path: string;
}

/** Every line of a claim in the order it is written. */
export function placedLines(body: ClaimBody): PlacedLine[] {
  return body.trainerInvoices.flatMap((invoice, invoiceAt) =>
    invoice.lines.map((line, lineAt) => ({
      line,
      invoice,
      invoiceAt,
      lineAt,
      path: linePath(invoiceAt, lineAt),
    })),
  );
}

/** `trainerInvoices[0].lines[1]` */
export const linePath = (invoiceAt: number, lineAt: number): string => `trainerInvoices[${invoiceAt}].lines[${lineAt}]`;

export const isTraining = (placed: PlacedLine): placed is PlacedLine<TrainingLineBody> =>
  placed.line.kind === 'training';
