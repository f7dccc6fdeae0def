import { type ReportView } from '#payments';
import { date, money } from '../page/index.js';

/** What can be put into suspense, so that a statement can be closed all the same. */
const SUSPENDABLE = new Set(['lines_unmatched']);

/** A statement beside the books: the difference, where it comes from, and whether it can be closed. */
export function closePage(report: ReportView) {
  const { differences } = report;
  const agrees = differences.length === 0;
  return {
    report,
    agrees,
    /** Lines that nothing explains are all there is: they can wait in suspense. */
    maySuspend: !agrees && differences.every(({ code }) => SUSPENDABLE.has(code)),
    sentence: sentenceOf(report),
    figures: figures(report),
    differences: differences.map(({ message, pence }) => ({ message, amount: pence === 0 ? null : money(pence) })),
    lines: linesTable(report),
    receipts: receiptsTable(report),
  };
}

/** The difference is closing less books: above zero the bank has more. */
function sentenceOf({ differences, differencePence: pence }: ReportView): string {
  if (differences.length === 0) return 'Every line is explained and the books agree with the bank.';
  const reasons = differences.length === 1 ? 'This is why:' : `There are ${differences.length} reasons:`;
  if (pence === 0) return `The books agree with the statement, but it cannot be closed yet. ${reasons}`;
  return `The books are ${money(Math.abs(pence))} ${pence > 0 ? 'below' : 'above'} the statement. ${reasons}`;
}

function figures(report: ReportView): { key: string; value: string }[] {
  const rows: [string, string | null][] = [
    ['Opening balance', money(report.openingPence)],
    ['Closing balance', money(report.closingPence)],
    ['The books at its end', money(report.booksPence)],
    ['Difference', money(report.differencePence)],
    ['Of this statement in suspense', report.suspensePence === 0 ? null : money(report.suspensePence)],
    ['Bank and restricted cash in the books now', money(report.booksNowPence)],
  ];
  return rows.flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}

/** Null where there is none. */
function linesTable({ openLines }: ReportView) {
  if (openLines.length === 0) return null;
  return {
    caption: 'Lines that nothing explains in full',
    head: [{ text: 'Day' }, { text: 'Not explained', numeric: true }],
    rows: openLines.map(({ lineId, statementId, bookedOn, leftPence }) => [
      { text: date(bookedOn), href: `/bank/${statementId}/lines/${lineId}`, hidden: `, ${money(leftPence)}` },
      { text: money(leftPence), numeric: true },
    ]),
    empty: '',
  };
}

function receiptsTable({ openReceipts }: ReportView) {
  if (openReceipts.length === 0) return null;
  return {
    caption: 'Confirmed receipts of which no line shows all',
    head: [{ text: 'Received' }, { text: 'Not on a statement', numeric: true }],
    rows: openReceipts.map(({ receiptId, receivedOn, leftPence }) => [
      { text: date(receivedOn), href: `/funding/receipts/${receiptId}`, hidden: `, ${money(leftPence)}` },
      { text: money(leftPence), numeric: true },
    ]),
    empty: '',
  };
}

export const DIFFERENCE_COLUMNS = ['what', 'day', 'pence', 'message', 'id'];

/** The report as rows of a file. */
export const differenceRows = ({ differences, openLines, openReceipts }: ReportView): object[] => [
  ...differences.map(({ code, pence, message }) => ({ what: code, day: null, pence, message, id: null })),
  ...openLines.map(({ lineId, bookedOn, leftPence }) => ({
    ...{ what: 'open_line', day: bookedOn, pence: leftPence, message: null, id: lineId },
  })),
  ...openReceipts.map(({ receiptId, receivedOn, leftPence }) => ({
    ...{ what: 'open_receipt', day: receivedOn, pence: leftPence, message: null, id: receiptId },
  })),
];
