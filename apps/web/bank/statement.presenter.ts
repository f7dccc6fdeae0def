import { may, type NameOf } from '#identity';
import { type BankStatementView, type MatchCandidate, type MatchRef, type StatementLineView } from '#payments';
import { type Actor } from '#platform/database';
import { date, dateTime, money, plural } from '../page/index.js';
import { formatWords, inOrOut, kindWords, lineStatus, remedyOf, statementStatus } from './words.js';

/** The list of bank statements. */
export function statementsTable(statements: readonly BankStatementView[]) {
  return {
    caption: 'Bank statements',
    captionHidden: true,
    head: [
      { text: 'Statement' },
      { text: 'Status' },
      { text: 'Explained', numeric: true },
      { text: 'Closing balance', numeric: true },
      { text: 'Loaded' },
    ],
    rows: statements.map((one) => [
      {
        text: one.closingOn === null ? titleOf(one) : daysOf(one.openingOn, one.closingOn),
        href: `/bank/${one.id}`,
        ...(one.account ? { hint: `Account ending ${one.account.lastFour}` } : {}),
      },
      { ...statementStatus(one.state), ...(one.gaps.length > 0 ? { hint: 'Something before it is missing' } : {}) },
      { text: one.state === 'quarantined' ? '' : `${one.matchedCount} of ${one.lineCount}`, numeric: true },
      { text: money(one.closingPence), numeric: true },
      { text: date(one.loadedAt) },
    ]),
    empty: 'There is no bank statement like this. Load what the bank gives you.',
  };
}

/** From one day to another, or the only one. */
export const daysOf = (from: string | null, to: string): string =>
  from === null || from === to ? date(to) : `${date(from)} to ${date(to)}`;

/** How people speak of a statement: by its days. */
export function titleOf(statement: Pick<BankStatementView, 'openingOn' | 'closingOn' | 'state'>): string {
  const { openingOn: from, closingOn: to } = statement;
  if (to === null) return statement.state === 'quarantined' ? 'File in quarantine' : 'Bank statement';
  return `Bank statement of ${daysOf(from, to)}`;
}

export type Described = ReadonlyMap<string, MatchCandidate>;

/** Every thing that lines of a page speak of, to be described at once. */
export const refsOf = (lines: readonly StatementLineView[]): MatchRef[] =>
  lines.flatMap(({ suggestions, matches }) => [
    ...suggestions.map(({ kind, id }) => ({ kind, id })),
    ...matches.flatMap(({ kind, targetId }) => (targetId === null ? [] : [{ kind, id: targetId }])),
  ]);

/** What the page of one statement says of it. */
export function statementPage(actor: Actor, statement: BankStatementView, nameOf: NameOf) {
  const reconciling = may(actor, 'bank_statement.reconcile').allowed;
  const open = statement.lineCount - statement.matchedCount;
  return {
    statement,
    title: titleOf(statement),
    status: statementStatus(statement.state),
    remedy: statement.state === 'quarantined' ? remedyOf(statement.reasonCode) : null,
    gaps: statement.gaps.map(({ message, afterStatement }) => ({ message, href: `/bank/${afterStatement}` })),
    mayClose: reconciling && statement.state === 'read',
    next: nextStep(statement, open),
    summary: summary(statement, nameOf),
  };
}

function nextStep({ state }: BankStatementView, open: number): string | null {
  if (state !== 'read') return null;
  return open === 0
    ? 'Every line is explained. See whether the books agree, then close it.'
    : `${plural(open, 'line')} still to be explained. Choose what each is, then close the statement.`;
}

function summary(one: BankStatementView, nameOf: NameOf): { key: string; value: string }[] {
  const rows: [string, string | null][] = [
    ['Account', one.account && `ending ${one.account.lastFour}`],
    ['Bank’s number', one.sequence === null ? one.statementId : String(one.sequence)],
    ['Opening balance', money(one.openingPence) || null],
    ['Closing balance', money(one.closingPence) || null],
    ['Lines', one.state === 'quarantined' ? null : `${one.matchedCount} of ${one.lineCount} explained`],
    ['File', `${formatWords(one.format)}, loaded by ${nameOf(one.loadedBy)} on ${dateTime(one.loadedAt)}`],
    ['Closed', one.closedAt && `by ${nameOf(one.closedBy ?? '')} on ${dateTime(one.closedAt)}`],
  ];
  return rows.flatMap(([key, value]) => (value === null || value === '' ? [] : [{ key, value }]));
}

/** One line beside what it is or may be. */
export function lineCard(
  line: StatementLineView,
  of: { statement: BankStatementView; described: Described; authorityOf: NameOf; nameOf: NameOf; mayMatch: boolean },
) {
  const at = `/bank/${of.statement.id}/lines/${line.id}`;
  const leftPence = line.amountPence - line.matchedPence;
  const suspended = line.matches.some(({ kind }) => kind === 'suspense');
  return {
    seq: line.seq,
    href: at,
    heading: `Line ${line.seq}: ${inOrOut(line.amountPence)}`,
    status: suspended ? { text: 'In suspense', tag: 'yellow' as const } : lineStatus(line.state),
    facts: lineFacts(line),
    left:
      leftPence !== 0 && line.matches.length > 0 ? `${money(Math.abs(leftPence))} of it is not explained yet.` : null,
    matches: line.matches.map((match) => ({
      ...thing(match.kind, match.targetId, of),
      amount: money(Math.abs(match.amountPence)),
      how: howWords(match.how, of.nameOf(match.matchedBy)),
    })),
    suggestions: line.suggestions.map(({ kind, id, score, reasons }) => ({
      ...thing(kind, id, of),
      score,
      reasons,
      choose: `${at}/match?${new URLSearchParams(kind === 'account' ? { rest: 'charges' } : { pick: `${kind}:${id}` }).toString()}`,
    })),
    mayMatch: of.mayMatch && line.amountPence !== 0 && (leftPence !== 0 || suspended),
    mayUndo: of.mayMatch && of.statement.state === 'read' && line.matches.length > 0,
  };
}

function howWords(how: StatementLineView['matches'][number]['how'], name: string): string {
  if (how === 'exact') return 'Found when the statement was loaded: reference and amount agree';
  return how === 'suggestion' ? `A suggestion that ${name} agreed with` : `Chosen by ${name}`;
}

/** A thing that a line is or may be, by a name people know, with its page where it has one. */
export function thing(
  kind: string,
  id: string | null,
  { described, authorityOf }: { described: Described; authorityOf: NameOf },
): { text: string; detail: string | null; href: string | null } {
  const found = id === null ? undefined : described.get(`${kind} ${id}`);
  if (!found) return { text: kindWords(kind), detail: null, href: null };
  const whole = money(found.amountPence);
  const open = found.openPence === found.amountPence || found.openPence === 0 ? '' : `, ${money(found.openPence)} open`;
  return {
    text: `${kindWords(kind)} ${found.reference}`,
    detail: `${found.authority === null ? '' : `${authorityOf(found.authority)}, `}${whole}${open}, ${date(found.on)}`,
    href: hrefOf(found),
  };
}

function hrefOf({ kind, id, runId }: MatchCandidate): string | null {
  if (kind === 'payment_run') return `/payments/${id}`;
  if (runId !== null) return `/payments/${runId}/${id}`;
  return kind === 'receipt' ? `/funding/receipts/${id}` : null;
}

/** What the bank said of an entry, row by row; what it did not say is left out. */
export function lineFacts(line: Omit<StatementLineView, 'id' | 'matches' | 'matchedPence' | 'suggestions' | 'state'>) {
  const from = line.amountPence < 0 ? 'Paid to' : 'Paid by';
  const account = line.counterpartyLastFour ? ` (account ending ${line.counterpartyLastFour})` : '';
  const rows: [string, string | null][] = [
    ['Booked', date(line.bookedOn)],
    [from, line.counterparty && `${line.counterparty}${account}`],
    ['Reference', line.reference],
    ['End-to-end id', line.endToEndId],
    ['Remittance', line.remittance],
    ['Text', line.narrative],
    ['Why it came back', line.returnReason],
    ['Bank’s reference', line.bankReference],
  ];
  const seen = new Set<string>();
  return rows.flatMap(([key, value]) => {
    if (!value || value === 'NOTPROVIDED' || seen.has(value)) return [];
    seen.add(value);
    return [{ key, value }];
  });
}

export const LINE_COLUMNS = [
  ...['seq', 'bookedOn', 'valueOn', 'amountPence', 'currency', 'counterparty', 'counterpartyLastFour', 'reference'],
  ...[
    'endToEndId',
    'remittance',
    'narrative',
    'bankReference',
    'transactionCode',
    'returnReason',
    'matchedPence',
    'state',
  ],
  'id',
];
export const STATEMENT_COLUMNS = [
  ...['openingOn', 'closingOn', 'state', 'account.lastFour', 'currency', 'statementId', 'sequence', 'openingPence'],
  ...[
    'closingPence',
    'lineCount',
    'matchedCount',
    'format',
    'reasonCode',
    'reason',
    'reasonWhere',
    'loadedAt',
    'closedAt',
  ],
  ...['fileSha256', 'id'],
];
