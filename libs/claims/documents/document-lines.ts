import { formatPence, longDate } from '#kernel';
import {
  ACCENT,
  cell,
  DETAIL,
  DETAIL_FIGURE,
  DETAIL_STRONG,
  DETAIL_TOTAL,
  DETAIL_TOTAL_ROW,
  headingCell,
  RULE,
  sectionTable,
  SMALL,
  type Cell,
  type PageFlow,
  type Row,
  type Table,
} from '#platform/pdf';
import type { DocumentLine, DocumentModel, DocumentTrainerInvoice } from './document-model.js';
import { deliveryDates } from './wording.js';

/** Every line of every trainer invoice, under the trainer and invoice it comes from. */
export function detailTable(flow: PageFlow, model: DocumentModel): Table {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const lines = model.trainerInvoices.flatMap((invoice) => [
    invoiceRow(invoice),
    ...invoice.lines.map((line) => lineRow(line, money)),
  ]);
  const title = model.kind === 'invoice' ? 'Training and travel claimed' : 'Training and travel credited';
  return sectionTable(flow, title, {
    padding: { x: 3, y: 3 },
    columns: [
      { title: 'Description', share: 34, align: 'left' },
      { title: 'Delivered', share: 16, align: 'left' },
      { title: 'Trainer-days', share: 11.5, align: 'right' },
      { title: 'Day rate', share: 11.5, align: 'right' },
      { title: 'Net', share: 13.5, align: 'right' },
      { title: 'Eligible', share: 13.5, align: 'right' },
    ],
    rows: [...keptWithTotal(lines), totalOf(model, money)],
  });
}

/** The total never stands alone at the top of a page. */
const keptWithTotal = (rows: readonly Row[]): Row[] =>
  rows.map((row, index) => (index === rows.length - 1 ? { ...row, keepWithNext: true } : row));

function invoiceRow({ trainerName, number, issuedOn }: DocumentTrainerInvoice): Row {
  const text = `${trainerName}, invoice ${number} of ${longDate(issuedOn)}`;
  const across = (words: string): Cell => ({ ...headingCell(words, DETAIL_STRONG), columns: 6 });
  return {
    cells: [across(text)],
    rule: { thickness: 0.75, colour: ACCENT },
    keepWithNext: true,
    repeatAs: { cells: [across(`${text} (continued)`)] },
  };
}

function lineRow(line: DocumentLine, money: (pence: number) => string): Row {
  const figure = (text: string): Cell => cell(text, DETAIL_FIGURE);
  const what = line.rateLabel === null ? line.categoryLabel : `${line.categoryLabel}, ${line.rateLabel}`;
  return {
    rule: { thickness: 0.5, colour: RULE },
    cells: [
      {
        paragraphs: [
          { text: line.description, style: DETAIL },
          { text: what, style: SMALL },
        ],
      },
      cell(deliveryDates(line.deliveredOn), DETAIL),
      figure(line.trainerDays ?? ''),
      figure(line.kind === 'travel' ? 'at cost' : line.ratePence === null ? '' : money(line.ratePence)),
      figure(money(line.netPence)),
      figure(money(line.eligiblePence)),
    ],
  };
}

function totalOf({ trainerInvoices }: DocumentModel, money: (pence: number) => string): Row {
  const lines = trainerInvoices.flatMap((invoice) => invoice.lines);
  const sum = (of: (line: DocumentLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
  const amount = (pence: number): Cell => cell(money(pence), DETAIL_TOTAL);
  return {
    ...DETAIL_TOTAL_ROW,
    cells: [
      { ...headingCell('Total of these lines', DETAIL_STRONG), columns: 4 },
      amount(sum((line) => line.netPence)),
      amount(sum((line) => line.eligiblePence)),
    ],
  };
}
