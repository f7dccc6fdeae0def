import { formatPence, sumPence } from '#kernel';
import { type KeptMail } from './files.js';
import { type ClaimResult, type Results } from './results.js';

type Align = 'left' | 'right';

/** Text in columns as wide as their widest cell, two spaces between. */
function table(columns: readonly (readonly [title: string, align: Align])[], rows: readonly string[][]): string[] {
  const all = [columns.map(([title]) => title), ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, at) => (columns[at]![1] === 'left' ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')}`.trimEnd();
  return [line(all[0]!), `  ${widths.map((width) => '-'.repeat(width)).join('  ')}`, ...all.slice(1).map(line)];
}

/** The figures of the quarter for a terminal, and for summary.txt. */
export function summaryOf({ claims, days, runs, books, audit }: Results, mails: readonly KeptMail[]): string {
  const copies = mails.filter((mail) => mail.copy).length;
  const notices = mails.filter((mail) => mail.number === null).length;
  return [
    'Claims',
    ...claimsTable(claims),
    '',
    'Documents',
    ...documentsTable(claims, mails),
    '',
    'Payments',
    ...paymentsTable(runs),
    '',
    'Books (debits positive)',
    ...booksTable(books),
    '',
    'Days left',
    ...daysTable(days),
    '',
    `E-mails: ${mails.length}, of which ${copies} to authorities, the rest to MTM; ${notices} are notices without a document`,
    `Audit trail: ${audit.ok ? 'whole' : `${audit.findings.length} FINDINGS`}; ${audit.entries} entries in ${audit.chains} chains, sealed checkpoints: ${audit.checkpoints}`,
    '',
  ].join('\n');
}

function claimsTable(claims: readonly ClaimResult[]): string[] {
  const money = (pence: number | null): string => (pence === null ? '' : formatPence(pence));
  const rows = claims.map((claim) => [
    claim.authority,
    claim.invoiceNumber ?? '(draft)',
    claim.hold === null ? claim.state : `${claim.state}, on hold`,
    money(claim.totalPence),
    money(claim.approvedPence),
    claim.dueOn ?? '',
    claim.waitingFor ?? '',
  ]);
  const approved = sumPence(claims.map((claim) => claim.approvedPence ?? 0));
  return table(
    [
      ['authority', 'left'],
      ['invoice', 'left'],
      ['state', 'left'],
      ['claimed', 'right'],
      ['approved', 'right'],
      ['due', 'left'],
      ['waiting for', 'left'],
    ],
    [...rows, ['', '', 'approved in all', '', money(approved), '', '']],
  );
}

function documentsTable(claims: readonly ClaimResult[], mails: readonly KeptMail[]): string[] {
  const rows = claims
    .flatMap((claim) => claim.documents)
    .map(({ number, kind, issuedOn, totalPence, refersTo }) => [
      number,
      kind === 'invoice' ? 'claim invoice' : `credit note to ${refersTo}`,
      issuedOn,
      formatPence(totalPence),
      String(mails.filter((mail) => mail.number === number).length),
    ]);
  return table(
    [
      ['number', 'left'],
      ['what', 'left'],
      ['issued', 'left'],
      ['amount', 'right'],
      ['e-mails', 'right'],
    ],
    rows,
  );
}

function paymentsTable(runs: Results['runs']): string[] {
  const rows = runs.flatMap(({ number, payments }) =>
    payments.map(({ authority, amountPence, reference, state, remittanceNumber }) => [
      ...[number, authority, formatPence(amountPence), reference, state],
      remittanceNumber ?? '',
    ]),
  );
  return table(
    [
      ['run', 'left'],
      ['authority', 'left'],
      ['amount', 'right'],
      ['reference', 'left'],
      ['state', 'left'],
      ['remittance advice', 'left'],
    ],
    rows,
  );
}

function booksTable({ accounts }: Results['books']): string[] {
  const rows = accounts.map(({ account, balancePence }) => [account, formatPence(balancePence)]);
  return table(
    [
      ['account', 'left'],
      ['balance', 'right'],
    ],
    rows,
  );
}

/** One line an authority, `left of allotted` in each category. */
function daysTable(days: Results['days']): string[] {
  const categories = [...new Set([...days.values()].flat().map((item) => item.label))];
  const rows = [...days].map(([authority, items]) => [
    authority,
    ...categories.map((label) => {
      const item = items.find((one) => one.label === label);
      return item ? `${item.leftDays} of ${item.allottedDays}` : '';
    }),
  ]);
  return table([['authority', 'left'], ...categories.map((label) => [label, 'right'] as const)], rows);
}
