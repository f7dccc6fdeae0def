import { formatPence } from '#kernel';
import type { Cell, PageFlow, Row, Table } from '#platform/pdf';
import type { DocumentLine, DocumentModel, DocumentTrainerInvoice } from './document-model.js';
import { ACCENT, DETAIL, DETAIL_STRONG, GROUND, HEADING, RULE, SMALL } from './styles.js';
import { deliveryDates, longDate } from './wording.js';

/** Every line of every trainer invoice, under the trainer and invoice it comes from. */
export function detailTable(flow: PageFlow, model: DocumentModel): Table {
  const money = (pence: number): string => formatPence(pence, model.currency);
  return {
    x: flow.left,
    width: flow.width,
    heading: { style: HEADING, background: GROUND },
    padding: { x: 4, y: 3 },
    columns: [
      { title: 'Description', share: 37, align: 'left' },
      { title: 'Delivered', share: 18, align: 'left' },
      { title: 'Trainer-days', share: 12, align: 'right' },
      { title: 'Day rate', share: 11, align: 'right' },
      { title: 'Net', share: 11, align: 'right' },
      { title: 'Eligible', share: 11, align: 'right' },
    ],
    rows: [
      ...model.trainerInvoices.flatMap((invoice) => [
        invoiceRow(invoice),
        ...invoice.lines.map((line) => lineRow(line, money)),
      ]),
      totalRow(model, money),
    ],
  };
}

function invoiceRow({ trainerName, number, issuedOn }: DocumentTrainerInvoice): Row {
  const text = `${trainerName} – invoice ${number} of ${longDate(issuedOn)}`;
  const cell = (words: string): Cell => ({
    paragraphs: [{ text: words, style: DETAIL_STRONG }],
    heading: true,
    columns: 6,
  });
  return {
    cells: [cell(text)],
    rule: { thickness: 0.75, colour: ACCENT },
    keepWithNext: true,
    repeatAs: { cells: [cell(`${text} (continued)`)] },
  };
}

function lineRow(line: DocumentLine, money: (pence: number) => string): Row {
  const cell = (text: string): Cell => ({ paragraphs: [{ text, style: DETAIL }] });
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
      cell(deliveryDates(line.deliveredOn)),
      cell(line.trainerDays ?? ''),
      cell(line.kind === 'travel' ? 'at cost' : line.ratePence === null ? '' : money(line.ratePence)),
      cell(money(line.netPence)),
      cell(money(line.eligiblePence)),
    ],
  };
}

function totalRow({ trainerInvoices }: DocumentModel, money: (pence: number) => string): Row {
  const lines = trainerInvoices.flatMap((invoice) => invoice.lines);
  const sum = (of: (line: DocumentLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
  const amount = (pence: number): Cell => ({ paragraphs: [{ text: money(pence), style: DETAIL_STRONG }] });
  return {
    background: GROUND,
    rule: { thickness: 0.75, colour: ACCENT },
    cells: [
      { paragraphs: [{ text: 'Total of the lines, before sharing', style: DETAIL_STRONG }], heading: true, columns: 4 },
      amount(sum((line) => line.netPence)),
      amount(sum((line) => line.eligiblePence)),
    ],
  };
}
