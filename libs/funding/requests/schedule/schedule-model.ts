/** All that a request's schedule prints. The same model gives the same bytes. Amounts in pence, dates `YYYY-MM-DD`. */
export interface ScheduleModel {
  number: string;
  submittedOn: string;
  currency: string;
  programme: { code: string; name: string };
  payer: { legalName: string; shortName: string; address: readonly string[]; identifier: string };
  funder: string;
  categories: ScheduleCategory[];
  authorities: {
    code: string;
    name: string;
    claimCount: number;
    /** By category code; a category without an amount is not there. */
    amounts: Record<string, number>;
    totalPence: number;
  }[];
  claimCount: number;
  totalPence: number;
  recoveredPence: number;
  requestedPence: number;
}

export interface ScheduleCategory {
  code: string;
  label: string;
  claimCount: number;
  totalPence: number;
}
