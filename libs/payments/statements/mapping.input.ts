import { WhichProgramme } from '#programme';
import { EnumField, InstantField, IntegerField, NestedField, TextField, UuidField } from '#platform/validation';
import { CSV_DATE_FORMATS, type CsvDateFormat } from '../bank-files/csv-mapping.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const ORDERS = ['oldest_first', 'newest_first'] as const;
const COLUMN = { max: 100, optional: true } as const;

/** Either what stands under a heading of the file, or the same for the whole file. */
export class CsvSourceInput {
  @TextField({ ...COLUMN, description: 'A heading of the file.' })
  column?: string;

  @TextField({ ...COLUMN, description: 'The same for every row.' })
  value?: string;
}

/** The headings of the file. */
export class CsvColumnsInput {
  @TextField({ max: 100, example: 'Date' })
  bookedOn: string;

  @TextField(COLUMN)
  valueOn?: string;

  @TextField({ ...COLUMN, description: 'With its sign, debits negative. Without it: debit and credit.' })
  amount?: string;

  @TextField({ ...COLUMN, description: 'Money out.' })
  debit?: string;

  @TextField({ ...COLUMN, description: 'Money in.' })
  credit?: string;

  @TextField({ max: 100, description: 'The balance after each entry: what proves that the file is whole.' })
  balance: string;

  @TextField(COLUMN)
  reference?: string;

  @TextField(COLUMN)
  bankReference?: string;

  @TextField(COLUMN)
  endToEndId?: string;

  @TextField(COLUMN)
  counterparty?: string;

  @TextField(COLUMN)
  remittance?: string;

  @TextField(COLUMN)
  transactionCode?: string;
}

/** How one bank writes its CSV. Headings are compared without regard to spaces and capitals. */
export class MappingInput {
  @EnumField(DELIMITERS)
  delimiter: (typeof DELIMITERS)[number];

  @EnumField(['.', ','])
  decimal: '.' | ',';

  @EnumField(CSV_DATE_FORMATS)
  dateFormat: CsvDateFormat;

  @EnumField(ORDERS, { description: 'Which end of the statement the first row is.' })
  order: (typeof ORDERS)[number];

  @NestedField(() => CsvSourceInput)
  account: CsvSourceInput;

  @NestedField(() => CsvSourceInput, { optional: true, description: 'For banks with a column of its own for it.' })
  sortCode?: CsvSourceInput;

  @NestedField(() => CsvSourceInput)
  currency: CsvSourceInput;

  @NestedField(() => CsvColumnsInput)
  columns: CsvColumnsInput;
}

/** The parameters of the calls on mappings. */
export class MappingQuery {
  @WhichProgramme()
  programme?: string;
}

/** A saved mapping. */
export class MappingView extends MappingInput {
  @TextField({ max: 40, example: 'our-bank' })
  name: string;

  @TextField({ max: 12, example: 'EIP2' })
  programme: string;

  @UuidField()
  savedBy: string;

  @InstantField()
  savedAt: string;

  @IntegerField({ min: 1 })
  version: number;
}
