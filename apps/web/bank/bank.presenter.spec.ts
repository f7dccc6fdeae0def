import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  QUARANTINE_CODES,
  type BankStatementView,
  type MatchCandidate,
  type ReportView,
  type StatementLineView,
} from '#payments';
import { Form } from '../page/index.js';
import { closePage, differenceRows } from './close.presenter.js';
import { kindOf } from './load.presenter.js';
import { mappingBody, mappingFields } from './mapping.presenter.js';
import { choiceOf, choiceQuery, consequence, matchInput } from './match.js';
import { statusesTable } from './reports.presenter.js';
import { lineCard, lineFacts, statementPage, titleOf } from './statement.presenter.js';
import { remedyOf } from './words.js';

const DESCRIBED = readFileSync(new URL('../../../docs/bank-files.md', import.meta.url), 'utf8');
/** Whole files: what to do about them is not what to do about a file of another kind. */
const WHOLE_FILES: ReadonlySet<string> = new Set(QUARANTINE_CODES.slice(QUARANTINE_CODES.indexOf('before_closed')));

const ID = '019a0000-0000-7000-8000-000000000001';
const OTHER = '019a0000-0000-7000-8000-000000000002';
const ADA = { userId: 'ada', organisation: 'MTM', scope: '*', roles: ['mtm_finance'] };
const AUDITOR = { ...ADA, roles: ['auditor'] };
const nameOf = (id: string): string => (id === 'ada' ? 'Ada' : id);

const statement = (given: Partial<BankStatementView> = {}): BankStatementView => ({
  ...{ id: ID, programme: 'EIP2', state: 'read', format: 'camt053', account: { lastFour: '5678' }, currency: 'GBP' },
  ...{ fromOn: null, toOn: null, statementId: 'S1', sequence: 7, openingPence: 0, closingPence: 100 },
  ...{ openingOn: '2018-04-01', closingOn: '2018-04-02', lineCount: 2, matchedCount: 1, gaps: [], reasonCode: null },
  ...{ reasonWhere: null, reason: null, replacedBy: null, fileSha256: 'f'.repeat(64), fileSize: 1, loadedBy: 'ada' },
  ...{ loadedAt: '2018-04-03T09:00:00.000Z', closedBy: null, closedAt: null, version: 1 },
  ...given,
});
const line = (given: Partial<StatementLineView> = {}): StatementLineView => ({
  ...{
    id: OTHER,
    seq: 3,
    bookedOn: '2018-04-02',
    valueOn: null,
    amountPence: -10_000,
    currency: 'GBP',
    reference: null,
  },
  ...{ bankReference: 'B1', endToEndId: 'NOTPROVIDED', counterparty: 'Brent', counterpartyLastFour: '1111' },
  ...{ remittance: null, narrative: null, transactionCode: null, returnReason: null, state: 'unmatched' },
  ...{ suggestions: [], matches: [], matchedPence: 0 },
  ...given,
});
const payment: MatchCandidate = {
  ...{ kind: 'payment', id: ID, reference: 'P0000000195', authority: 'BRENT', amountPence: 10_000, openPence: 10_000 },
  ...{ on: '2018-04-01', runId: OTHER },
};
const described = new Map([[`payment ${ID}`, payment]]);

describe('a statement on its page', () => {
  it('is called by its days, and says what is left to do', () => {
    expect(titleOf(statement())).toBe('Bank statement of 1 April 2018 to 2 April 2018');
    expect(titleOf(statement({ openingOn: '2018-04-02' }))).toBe('Bank statement of 2 April 2018');
    expect(statementPage(ADA, statement(), nameOf).next).toContain('1 line still to be explained');
    expect(statementPage(ADA, statement({ matchedCount: 2 }), nameOf).next).toContain('Every line is explained.');
    expect(statementPage(ADA, statement({ state: 'closed' }), nameOf)).toMatchObject({ next: null, mayClose: false });
    expect(statementPage(AUDITOR, statement(), nameOf).mayClose).toBe(false);
  });

  it('in quarantine says what can be done about each reason there is', () => {
    const page = statementPage(ADA, statement({ state: 'quarantined', reasonCode: 'unknown_account' }), nameOf);
    expect(page.remedy).toContain('the account the programme pays from');
    expect(remedyOf('balance_mismatch')).toContain('Ask the bank for the statement again');
    expect(remedyOf('before_closed')).toContain('Load all statements of a day before you close one of them.');
    expect(remedyOf('constructor')).toBe(remedyOf(null));
  });

  it.each(QUARANTINE_CODES)('says what to do next, and is described for whoever keeps the service: %s', (code) => {
    expect(remedyOf(code)).toMatch(/(Ask|Check|Save|check|ask|Load|load) .{10,}\.$/);
    if (WHOLE_FILES.has(code)) expect(remedyOf(code)).not.toBe(remedyOf(null));
    expect(DESCRIBED).toContain(`\`${code}\``);
  });
});

describe('a line beside what it may be', () => {
  const of = { statement: statement(), described, authorityOf: nameOf, nameOf, mayMatch: true };
  it('shows suggestions with points and reasons, and the way to choose each', () => {
    const suggestions: StatementLineView['suggestions'] = [
      { kind: 'payment', id: ID, score: 90, reasons: ['The amount agrees: £100.00.'] },
      { kind: 'account', id: 'expenses:bank charges', score: 50, reasons: ['It speaks of a charge.'] },
    ];
    const card = lineCard(line({ suggestions, state: 'suggested' }), of);
    expect(card).toMatchObject({ heading: 'Line 3: £100.00 out', mayMatch: true, mayUndo: false, left: null });
    expect(card.suggestions.map(({ text, score, choose }) => [text, score, choose])).toEqual([
      ['Payment P0000000195', 90, `/bank/${ID}/lines/${OTHER}/match?pick=payment%3A${ID}`],
      ['Bank charges', 50, `/bank/${ID}/lines/${OTHER}/match?rest=charges`],
    ]);
    expect(card.suggestions[0]!.href).toBe(`/payments/${OTHER}/${ID}`);
  });

  it('says what is left of one that is explained in part, and offers to undo only while the statement is open', () => {
    const match = {
      id: 'm',
      kind: 'payment' as const,
      targetId: ID,
      amountPence: -4_000,
      how: 'by_hand' as const,
      matchedBy: 'ada',
    };
    const half = line({ matches: [match], matchedPence: -4_000 });
    expect(lineCard(half, of)).toMatchObject({ left: '£60.00 of it is not explained yet.', mayUndo: true });
    expect(lineCard(half, of).matches[0]).toMatchObject({ amount: '£40.00', how: 'Chosen by Ada' });
    expect(lineCard(half, { ...of, statement: statement({ state: 'closed' }) }).mayUndo).toBe(false);
    expect(lineCard(half, { ...of, mayMatch: false })).toMatchObject({ mayMatch: false, mayUndo: false });
  });

  it('lets what lies in suspense be explained, and nothing else that is explained in full', () => {
    const all = { id: 'm', targetId: null, amountPence: -10_000, how: 'by_hand' as const, matchedBy: 'ada' };
    const full = { matchedPence: -10_000, state: 'matched' as const };
    const suspended = lineCard(line({ ...full, matches: [{ ...all, kind: 'suspense' }] }), of);
    expect(suspended).toMatchObject({ mayMatch: true, status: { text: 'In suspense' } });
    expect(lineCard(line({ ...full, matches: [{ ...all, kind: 'bank_charge' }] }), of).mayMatch).toBe(false);
  });

  it('repeats nothing the bank said twice, and leaves out what it did not say', () => {
    expect(lineFacts(line({ reference: 'R1', remittance: 'R1' }))).toEqual([
      { key: 'Booked', value: '2 April 2018' },
      { key: 'Paid to', value: 'Brent (account ending 1111)' },
      { key: 'Reference', value: 'R1' },
      { key: 'Bank’s reference', value: 'B1' },
    ]);
  });
});

describe('what somebody chose for a line', () => {
  it('is the same from the address and from the form, amounts in pounds', () => {
    const form = new Form({
      pick: [`payment:${ID}`, `receipt:${OTHER}`, 'nonsense'],
      rest: 'charges',
      [`amount-${ID}`]: '£1,234.50',
    });
    const choice = choiceOf(form);
    expect(matchInput(choice)).toEqual({
      paymentIds: [ID],
      receiptIds: [OTHER],
      account: 'expenses:bank charges',
      amounts: [{ id: ID, amountPence: 123_450 }],
    });
    const again = new URLSearchParams(choiceQuery(form));
    expect(
      choiceOf(
        new Form({ pick: again.getAll('pick'), rest: again.get('rest'), [`amount-${ID}`]: again.get(`amount-${ID}`) }),
      ),
    ).toEqual(choice);
  });

  it('is nothing for a field that is none of ours, and a problem for an amount that is none', () => {
    expect(matchInput(choiceOf(new Form({ pick: 'payment:1', rest: 'elsewhere' })))).toEqual({});
    const form = new Form({ [`amount-${ID}`]: 'abc' });
    choiceOf(form);
    expect(form.problems).toMatchObject([{ path: `amount-${ID}` }]);
  });

  it('has consequences that say whether all of it is shown', () => {
    const planned = { kind: 'payment' as const, targetId: ID, pence: -10_000 };
    expect(consequence(planned, payment)).toContain('is paid: its claims become paid');
    expect(consequence({ ...planned, pence: -1 }, payment)).toContain('A part of P0000000195 is paid');
  });
});

describe('a statement beside the books', () => {
  const report = (given: Partial<ReportView> = {}): ReportView => ({
    ...{ statementId: ID, state: 'read', openingPence: 0, closingPence: 100, booksPence: 100, differencePence: 0 },
    ...{ booksNowPence: 100, suspensePence: 0, differences: [], openLines: [], openReceipts: [] },
    ...given,
  });
  const difference = (code: ReportView['differences'][number]['code']) => ({
    code,
    pence: 5,
    count: 1,
    message: 'Why.',
  });

  it('can be closed when nothing differs, or when lines can wait in suspense', () => {
    expect(closePage(report())).toMatchObject({ agrees: true, maySuspend: false });
    const open = closePage(report({ differencePence: 5, differences: [difference('lines_unmatched')] }));
    expect(open).toMatchObject({ agrees: false, maySuspend: true });
    expect(open.sentence).toContain('£0.05 below the statement');
    const missing = report({
      differencePence: -5,
      differences: [difference('lines_unmatched'), difference('statements_missing')],
    });
    expect(closePage(missing)).toMatchObject({ maySuspend: false });
    expect(closePage(missing).sentence).toContain('£0.05 above the statement');
    const earlier = closePage(report({ differences: [difference('earlier_statement_open')] }));
    expect(earlier.sentence).toContain('The books agree with the statement, but');
  });

  it('is a file of every reason, line and receipt', () => {
    const openLines = [{ lineId: ID, statementId: ID, bookedOn: '2018-04-02', leftPence: 5 }];
    expect(differenceRows(report({ differences: [difference('lines_unmatched')], openLines }))).toHaveLength(2);
  });
});

describe('a mapping in its form', () => {
  it('comes back as it went, with what is empty left out', () => {
    const mapping = {
      ...{
        delimiter: '\t' as const,
        decimal: ',' as const,
        dateFormat: 'DD/MM/YYYY' as const,
        order: 'newest_first' as const,
      },
      ...{ account: { value: '00-00-00 12345678' }, currency: { column: 'Ccy' } },
      columns: { bookedOn: 'Date', debit: 'Out', credit: 'In', balance: 'Balance' },
    };
    const view = {
      ...mapping,
      name: 'our-bank',
      programme: 'EIP2',
      savedBy: 'ada',
      savedAt: '2018-04-03T09:00:00.000Z',
      version: 1,
    };
    expect(mappingBody(new Form(mappingFields(view)))).toEqual(mapping);
  });
});

it('reads the kind of a file only from what was offered', () => {
  expect(kindOf('mt940')).toEqual({ kind: 'mt940', mapping: null });
  expect(kindOf('csv:our-bank')).toEqual({ kind: 'csv', mapping: 'our-bank' });
  expect([kindOf('csv:'), kindOf('pdf'), kindOf('')]).toEqual([null, null, null]);
});

it('says what a report would change in other words than what it changed', () => {
  const status = {
    endToEndId: 'E',
    status: 'RJCT',
    outcome: 'rejected' as const,
    reasonCode: 'AC04',
    effect: 'applied' as const,
  };
  const [would, done] = (['would', 'done'] as const).map((which) => statusesTable([status], which).rows[0]![2]!.text);
  expect(would).toContain('Would be recorded');
  expect(done).toContain('Recorded as refused');
});
