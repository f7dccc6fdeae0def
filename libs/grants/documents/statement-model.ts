/** All that an annual statement prints. The same model gives the same bytes. Amounts in pence, dates `YYYY-MM-DD`. */
export interface GrantStatementModel {
  programme: { code: string; name: string };
  authority: { legalName: string; onsCode: string };
  funder: string;
  /** `Section 31 grant`. */
  label: string;
  currency: string;
  year: { label: string; from: string; to: string };
  /** The last day it accounts for while the year is running; null once the year is over. */
  upTo: string | null;
  /** What the post is for; null while nobody has said. */
  post: string | null;
  holders: { startsOn: string; endsOn: string | null }[];
  /** How the amount of the grant was worked out. */
  workedOut: string;
  receipt: { amountPence: number; receivedOn: string; reason: string | null } | null;
  openingPence: number;
  receivedPence: number;
  spentPence: number;
  returnedPence: number;
  closingPence: number;
  carriedForward: boolean;
  quarters: { label: string; spentPence: number; variancePence: number | null; varianceReason: string | null }[];
  entries: {
    quarter: string;
    incurredOn: string | null;
    description: string;
    /** Supplier and reference, where there are any. */
    source: string;
    amountPence: number;
  }[];
}
