import type { ProblemBody } from './claims-support.js';

/** As much of a payment run as the tests look at. */
export interface Payment {
  id: string;
  authority: string;
  amountPence: number;
  reference: string;
  endToEndId: string;
  claimIds: string[];
  adjustmentIds: string[];
}

export interface Run extends ProblemBody {
  id: string;
  number: string;
  state: string;
  totalPence: number;
  claimCount: number;
  paymentCount: number;
  payments: Payment[];
  leftOut: { authority: string; code: string }[];
  fileSha256: string | null;
  version: number;
}
