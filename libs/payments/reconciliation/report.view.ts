import { ArrayField, DateField, EnumField, IntegerField, PenceField, TextField, UuidField } from '#platform/validation';
import { DIFFERENCES, type DifferenceCode } from '../domain/index.js';

const LARGE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

/** One reason why the books are not what the statement says. */
export class DifferenceView {
  @EnumField(DIFFERENCES)
  code: DifferenceCode;

  @PenceField({ ...LARGE, description: 'How much of the difference: the statement less the books.' })
  pence: number;

  @IntegerField({ min: 0 })
  count: number;

  @TextField({ max: 1000 })
  message: string;
}

/** A line that nothing explains in full. */
export class OpenLineView {
  @UuidField()
  lineId: string;

  @UuidField()
  statementId: string;

  @DateField()
  bookedOn: string;

  @PenceField({ ...LARGE, description: 'What is left of it; debits negative.' })
  leftPence: number;
}

/** A confirmed receipt of which no line shows all. */
export class OpenReceiptView {
  @UuidField()
  receiptId: string;

  @DateField()
  receivedOn: string;

  @PenceField({ description: 'What no line shows.' })
  leftPence: number;
}

/** A statement beside the books. */
export class ReportView {
  @UuidField()
  statementId: string;

  @TextField({ max: 20 })
  state: string;

  @PenceField({ ...LARGE })
  openingPence: number;

  @PenceField({ ...LARGE })
  closingPence: number;

  @PenceField({ ...LARGE, description: 'Bank and restricted cash, as far as they are about this account up to there.' })
  booksPence: number;

  @PenceField({ ...LARGE, description: 'Closing less books; the differences add up to it.' })
  differencePence: number;

  @PenceField({ ...LARGE, description: 'Bank and restricted cash together, as the books have them now.' })
  booksNowPence: number;

  @PenceField({ ...LARGE, description: 'What of this statement lies in suspense.' })
  suspensePence: number;

  @ArrayField(() => DifferenceView, { max: 6, description: 'None: it can be closed.' })
  differences: DifferenceView[];

  @ArrayField(() => OpenLineView, { max: 100, description: 'Of this statement and earlier ones, the first hundred.' })
  openLines: OpenLineView[];

  @ArrayField(() => OpenReceiptView, { max: 100, description: 'The first hundred.' })
  openReceipts: OpenReceiptView[];
}
