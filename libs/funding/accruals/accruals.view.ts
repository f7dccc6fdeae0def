import { WhichProgramme } from '#programme';
import { ArrayField, InstantField, NestedField, PenceField, TextField } from '#platform/validation';

/** The query of GET /ledger/accruals. */
export class AccrualsInput {
  @TextField({
    max: 40,
    optional: true,
    example: '2018-03-31',
    description: 'An instant, or a date for the end of that day in London. Now, when left out.',
  })
  asOf?: string;

  @WhichProgramme()
  programme?: string;
}

const MAX = Number.MAX_SAFE_INTEGER;

/** What had been delivered and was not paid, by how far it had come. The four are apart: none is counted twice. */
export class AccruedPence {
  @PenceField({ max: MAX, description: 'Delivered and not claimed: in a draft, or in a claim that was returned.' })
  deliveredPence: number;

  @PenceField({ max: MAX, description: 'Submitted and not approved: as it was claimed.' })
  submittedPence: number;

  @PenceField({ max: MAX, description: 'Approved, without the funder’s money.' })
  approvedPence: number;

  @PenceField({ max: MAX, description: 'Funded and not paid, in a payment run or not.' })
  fundedPence: number;

  @PenceField({ max: MAX, description: 'All four.' })
  totalPence: number;
}

export class AccrualLine extends AccruedPence {
  @TextField({ example: 'BRENT' })
  authority: string;

  @TextField({ example: 'targeted' })
  category: string;

  @TextField({ example: 'Targeted training' })
  label: string;
}

export class AccrualsView {
  @InstantField()
  asOf: string;

  @TextField({ example: 'EIP2' })
  programme: string;

  @ArrayField(() => AccrualLine, { description: 'By authority and category; what comes to nothing is left out.' })
  lines: AccrualLine[];

  @NestedField(() => AccruedPence, { description: 'All lines added up.' })
  totals: AccruedPence;
}

export const ACCRUAL_COLUMNS = [
  ...[
    'authority',
    'category',
    'label',
    'deliveredPence',
    'submittedPence',
    'approvedPence',
    'fundedPence',
    'totalPence',
  ],
] as const;
