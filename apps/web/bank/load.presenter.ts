import { type DryRunView, type MappingView } from '#payments';
import { date, money, plural } from '../page/index.js';
import { daysOf } from './statement.presenter.js';
import { inOrOut, remedyOf } from './words.js';

type Line = DryRunView['lines'][number];

/** Columns of what a file holds: those of a statement's own files, as far as they are known before it is loaded. */
export const DRY_LINE_COLUMNS = [
  ...['statement', 'seq', 'bookedOn', 'valueOn', 'amountPence', 'currency', 'counterparty', 'counterpartyLastFour'],
  ...['reference', 'endToEndId', 'remittance', 'narrative', 'bankReference', 'transactionCode', 'returnReason'],
] as const;
export const DRY_STATEMENT_COLUMNS = [
  ...['account.lastFour', 'ours', 'currency', 'statementId', 'sequence', 'openingOn', 'openingPence', 'closingOn'],
  ...['closingPence', 'lineCount', 'notBookedCount'],
] as const;

/** The kinds of file a person chooses from: a CSV by the mapping that reads it. */
export function kindChoices(mappings: readonly MappingView[], chosen: string) {
  return [
    { value: 'camt053', text: 'XML (camt.053)' },
    { value: 'mt940', text: 'MT940 (often ends in .sta or .940)' },
    ...mappings.map(({ name }) => ({ value: `csv:${name}`, text: `CSV, by the mapping “${name}”` })),
  ].map((one) => ({ ...one, checked: one.value === chosen }));
}

/** `csv:our-bank` as what reads the file; null for what is no choice. */
export function kindOf(choice: string): { kind: 'camt053' | 'mt940' | 'csv'; mapping: string | null } | null {
  if (choice === 'camt053' || choice === 'mt940') return { kind: choice, mapping: null };
  return choice.startsWith('csv:') && choice.length > 4 ? { kind: 'csv', mapping: choice.slice(4) } : null;
}

/** What a file holds, before anything of it is recorded. */
export function dryRunPage(shown: DryRunView, from: number) {
  const good = shown.state === 'read';
  return {
    good,
    sentence: good
      ? `The file is whole. Loading it records ${plural(shown.statements.length, 'statement')} with ${plural(shown.lineCount, 'line')}; what agrees exactly is matched at once.`
      : `This file cannot be read as it is, so none of it would be recorded. ${shown.reason ?? ''}`,
    where: good ? null : shown.reasonWhere,
    remedy: good ? null : remedyOf(shown.reasonCode),
    statements: statementsTable(shown),
    lines: linesTable(shown.lines, from),
    nextFrom: shown.nextFrom,
    lineCount: shown.lineCount,
  };
}

function statementsTable({ statements }: DryRunView) {
  return {
    caption: 'Statements in the file',
    head: [
      { text: 'Account' },
      { text: 'Days' },
      { text: 'Opening', numeric: true },
      { text: 'Closing', numeric: true },
      { text: 'Lines', numeric: true },
    ],
    rows: statements.map((one) => [
      {
        text: `ending ${one.account.lastFour}`,
        hint: one.ours ? 'The programme’s account' : 'Not an account of the programme',
      },
      { text: one.closingOn === null ? date(one.openingOn) : daysOf(one.openingOn, one.closingOn) },
      { text: money(one.openingPence), numeric: true },
      { text: money(one.closingPence), numeric: true },
      {
        text: String(one.lineCount),
        numeric: true,
        ...(one.notBookedCount ? { hint: `${one.notBookedCount} not booked yet` } : {}),
      },
    ]),
    empty: 'No statement was found in the file.',
  };
}

function linesTable(lines: readonly Line[], from: number) {
  return {
    caption: lines.length < 2 ? 'Lines' : `Lines ${from} to ${from + lines.length - 1}`,
    head: [{ text: 'Day' }, { text: 'Who' }, { text: 'Reference' }, { text: 'Amount', numeric: true }],
    rows: lines.map((line) => [
      { text: date(line.bookedOn), nowrap: true },
      { text: line.counterparty ?? '' },
      { text: line.reference ?? line.endToEndId ?? line.remittance ?? line.narrative ?? '' },
      { text: inOrOut(line.amountPence), numeric: true },
    ]),
    empty: 'No line was read.',
  };
}
