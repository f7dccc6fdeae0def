import { ArrayField, IntegerField, JsonField, PenceField, RecordField, TextField } from '#platform/validation';

export class CategoryView {
  @PenceField()
  netPence: number;

  @PenceField()
  eligiblePence: number;

  @PenceField()
  reimbursementPence: number;

  @TextField({ optional: true, example: '2', description: 'Trainer-days.' })
  days?: string;

  @TextField({ optional: true, example: '2', description: 'What the allocation gives for them.' })
  fundedDays?: string;
}

export class WorkingView {
  @TextField({ example: 'targeted' })
  for: string;

  @TextField({ max: 5000 })
  text: string;

  @JsonField()
  inputs: Record<string, string | number>;

  @IntegerField()
  resultPence: number;
}

export class ProblemView {
  @TextField({ example: 'trainerInvoices[0].lines[1].vatPence' })
  path: string;

  @TextField({ example: 'vat_mismatch' })
  code: string;

  @TextField({ max: 2000 })
  message: string;
}

/** What a claim comes to, with the working of every figure and everything that keeps it from being claimed. */
export class CalculationView {
  @RecordField(() => CategoryView)
  categories: Record<string, CategoryView>;

  @PenceField()
  totalPence: number;

  @PenceField()
  grossPence: number;

  @PenceField()
  vatPence: number;

  @PenceField({ description: 'Charged above the funded rate; it stays with the authority.' })
  aboveRatePence: number;

  @PenceField({ description: 'What the authority bears: net − reimbursement.' })
  authorityPence: number;

  @ArrayField(() => WorkingView)
  working: WorkingView[];

  @ArrayField(() => ProblemView)
  problems: ProblemView[];
}
