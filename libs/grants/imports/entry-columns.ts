import { cells, column, Columns } from '#platform/csv';

/** What a column of a file of spending means. */
export type EntryField = 'quarter' | 'amount' | 'description' | 'incurredOn' | 'supplier' | 'supplierReference';

const QUARTER = /^(?:(\d{4})[- ]?Q([1-4])|Q([1-4])[- ]?(\d{4}))$/i;

/** `2018-Q1`, also as `2018 Q1` or `Q1 2018`. */
function quarter(cell: string): cells.Cell {
  const text = cell.trim();
  const found = QUARTER.exec(text);
  if (text === '') return {};
  if (!found) return { code: 'wrong_form', message: 'Give a quarter of the calendar year, such as 2018-Q1.' };
  return { value: `${found[1] ?? found[4]}-Q${found[2] ?? found[3]}` };
}

/** The columns in the order of the template; docs/grants.md describes each. */
export const ENTRY_COLUMNS = new Columns<EntryField>(
  [
    column('quarter', 'quarter', quarter, true),
    column('amount', 'amount', cells.pounds, true, 'spent'),
    column('description', 'description', cells.text, true),
    column('date', 'incurredOn', cells.date, false, 'incurredOn', 'invoice date'),
    column('supplier', 'supplier', cells.text),
    column('reference', 'supplierReference', cells.text, false, 'supplierReference', 'invoice number'),
  ],
  [column('amountPence', 'amount', cells.wholePence)],
);

/** The file to fill in: the heading and an example to be overwritten. */
export const grantTemplate = (): string =>
  ENTRY_COLUMNS.template([
    {
      quarter: '2018-Q1',
      amount: '9,250.00',
      description: 'Salary and on-costs of the post, January to March',
      incurredOn: '2018-03-28',
      supplier: '',
      supplierReference: 'PAYROLL-2018-03',
    },
  ]);
