import { describe, expect, it } from '@jest/globals';
import { type PaymentDetail, type PaymentParts, type RunApprovers, type RunPreview, type RunView } from '#payments';
import { dueTable, ourStatus, owedTable } from './ours.presenter.js';
import { paymentPage } from './payment.presenter.js';
import { askedWhy } from './reason.js';
import { runPage } from './run.presenter.js';
import { leftOutTable, PREVIEW_COLUMNS, previewRows, previewTable } from './runs.presenter.js';
import { paymentStatus } from './words.js';

const FINANCE = { userId: 'ada', organisation: 'MTM', scope: '*', roles: ['mtm_finance'] };
const APPROVER = { ...FINANCE, userId: 'ben', roles: ['mtm_approver'] };
const OFFICER = { userId: 'cy', organisation: 'BRENT', scope: 'BRENT', roles: ['la_finance'] };
const names = new Map([['BRENT', 'Brent']]);
const nameOf = (id: string): string => names.get(id) ?? id;

const payment = (given: Partial<PaymentDetail> = {}): PaymentDetail => ({
  ...{ id: 'p1', runId: 'r1', authority: 'BRENT', amountPence: 9_000, setOffPence: 1_000, accountName: 'Brent' },
  ...{ lastFour: '1111', claimIds: ['c1', 'c2'], adjustmentIds: ['a1'], reference: 'P0000000195', endToEndId: 'E1' },
  ...{ state: 'scheduled', settledAt: null, remittanceNumber: null, endedAt: null, reason: null, version: 1 },
  ...given,
});
const run = (given: Partial<RunView> = {}): RunView => ({
  ...{ id: 'r1', programme: 'EIP2', number: 'EIP2-PR-0001', state: 'prepared', totalPence: 9_000, paymentCount: 1 },
  ...{ claimCount: 2, preparedBy: 'ada', preparedAt: '2018-04-03T09:00:00.000Z', approvedBy: null, approvedAt: null },
  ...{ cancelReason: null, fileSha256: null, version: 1, payments: [payment()] },
  ...given,
});
const preview: RunPreview = {
  mark: 'f'.repeat(64),
  ...{ totalPence: 9_000, claimCount: 2, payments: [payment()] },
  leftOut: [
    { authority: 'LINCS', amountPence: 500, code: 'no_account', message: 'LINCS has not entered an account yet.' },
  ],
};

describe('the preview of a run', () => {
  it('shows claims, what is set off and what is paid, authority by authority and together', () => {
    const table = previewTable(preview, nameOf);
    expect(table.rows[0]!.slice(0, 4).map(({ text }) => text)).toEqual(['Brent', '£100.00', '-£10.00', '£90.00']);
    expect(table.foot.map(({ text }) => text).slice(1, 4)).toEqual(['£100.00', '-£10.00', '£90.00']);
    expect(table.rows[0]![1]!.href).toBe('/claims?state=funded&authority=BRENT');
  });

  it('says that the bank is not asked where all is set off, and why somebody is left out', () => {
    const none = { ...preview, payments: [payment({ amountPence: 0, setOffPence: 10_000 })] };
    expect(previewTable(none, nameOf).rows[0]!.at(-1)).toMatchObject({ text: 'Nothing to pay' });
    expect(leftOutTable(preview.leftOut, nameOf).rows[0]!.at(-1)!.text).toBe('LINCS has not entered an account yet.');
  });

  it('is a file whose rows have every column', () => {
    for (const row of previewRows(preview, nameOf))
      expect(Object.keys(row)).toEqual(expect.arrayContaining(PREVIEW_COLUMNS));
  });
});

describe('the page of a run', () => {
  const approvers = (you: RunApprovers['you']): RunApprovers => ({
    you,
    people: [
      { id: 'ben', name: 'Ben', barred: 'approved_a_claim' },
      { id: 'ada', name: 'Ada', barred: 'prepared_it' },
      { id: 'dee', name: 'Dee', barred: null },
    ],
  });
  const who = (you: RunApprovers['you']) => ({ nameOf, authorityOf: nameOf, approvers: approvers(you) });
  const role = { allowed: false, code: 'role_not_allowed', reason: 'You may not approve.' } as const;
  const earlier = {
    allowed: false,
    code: 'approver_cannot_approve',
    reason: 'You gave the earlier approval.',
  } as const;

  it('offers each what they may do, and says in words who may approve', () => {
    expect(runPage(FINANCE, run(), who(role))).toMatchObject({ mayApprove: false, mayCancel: true, whyNot: null });
    expect(runPage(APPROVER, run(), who(earlier))).toMatchObject({
      mayApprove: false,
      mayCancel: false,
      whyNot: earlier.reason,
    });
    const page = runPage(APPROVER, run(), who({ allowed: true }));
    expect(page.mayApprove).toBe(true);
    expect(page.separation!.people.map(({ text }) => text)).toEqual([
      'may not: approved a claim in this run',
      'may not: prepared this run',
      'may approve it',
    ]);
  });

  it.each([
    ['mtm_finance', true],
    ['mtm_approver', true],
    ['coordinator', false],
    ['auditor', false],
  ])('offers the bank file to those who take it to the bank: to %s %s', (is, hasFile) => {
    const reader = { ...FINANCE, userId: 'eve', roles: [is] };
    const page = runPage(reader, run({ state: 'approved', fileSha256: 'f' }), who(role));
    expect(page.hasFile).toBe(hasFile);
    expect(page.next?.split(' ')[0]).toBe(hasFile ? 'Upload' : 'MTM');
    expect(runPage(reader, run({ state: 'approved' }), who(role)).hasFile).toBe(false);
  });

  it('offers nothing once it is over, and says what happens next', () => {
    const approved = runPage(APPROVER, run({ state: 'approved', fileSha256: 'f' }), who({ allowed: true }));
    expect(approved).toMatchObject({ mayApprove: false, mayCancel: false, hasFile: true, separation: null });
    expect(approved.next).toContain('1 payment of 1 waits to be seen on a bank statement');
    const cancelled = runPage(FINANCE, run({ state: 'cancelled', cancelReason: 'Wrong' }), who(role));
    expect(cancelled.next).toContain('Nothing was paid');
    expect(cancelled.summary).toContainEqual({ key: 'Cancelled because', value: 'Wrong' });
    const nothing = run({
      state: 'approved',
      totalPence: 0,
      payments: [payment({ amountPence: 0, state: 'settled' })],
    });
    expect(runPage(APPROVER, nothing, who(role)).next).toContain('the bank is not asked for anything');
  });
});

describe('a payment', () => {
  const parts: PaymentParts = { claims: [], setOffs: [], lines: [] };
  const of = (given: Partial<RunView> = {}) => ({
    parts,
    authorityOf: nameOf,
    run: run({ state: 'approved', ...given }),
  });

  it('can be refused only while it waits for the bank and no statement shows anything of it', () => {
    expect(paymentPage(FINANCE, payment(), of()).mayRefuse).toBe(true);
    expect(paymentPage(FINANCE, payment(), of({ state: 'prepared' })).mayRefuse).toBe(false);
    expect(paymentPage(FINANCE, payment({ state: 'settled' }), of()).mayRefuse).toBe(false);
    expect(paymentPage(APPROVER, payment(), of()).mayRefuse).toBe(false);
    const line = {
      paymentId: 'p1',
      statementId: 's',
      lineId: 'l',
      kind: 'payment' as const,
      bookedOn: '2018-04-02',
      amountPence: -1,
    };
    expect(paymentPage(FINANCE, payment(), { ...of(), parts: { ...parts, lines: [line] } }).mayRefuse).toBe(false);
  });

  it('tells an authority neither the run nor what the bank file calls it', () => {
    const page = paymentPage(OFFICER, payment(), { parts, authorityOf: nameOf, run: null });
    expect(page.summary.map(({ key }) => key)).not.toContain('Run');
    expect(JSON.stringify(page.summary)).not.toContain('E1');
    expect(page.mayRefuse).toBe(false);
  });

  it('says who acts next', () => {
    expect(paymentStatus('scheduled', 'prepared').text).toBe('Waiting for an approver');
    expect(paymentStatus('scheduled', 'approved').text).toBe('Waiting for the bank');
    expect(ourStatus({ state: 'scheduled' }).text).toBe('MTM is paying it');
    expect(ourStatus({ state: 'bounced' }).text).toBe('Came back');
  });
});

describe('what is still due to an authority', () => {
  it('says when it is expected, or why nothing is known', () => {
    const item = {
      ...{
        claimId: 'c',
        authority: 'BRENT',
        invoiceNumber: 'EIP2-BRENT-0001',
        amountPence: 100,
        state: 'approved' as const,
      },
      ...{
        position: 1,
        dueOn: '2018-06-02',
        ageDays: 3,
        waitingFor: 'DfE to pay MTM',
        estimatedFrom: 'Nothing was asked for yet',
      },
    };
    expect(dueTable([{ ...item, expectedPaymentOn: null }]).rows[0]![3]).toEqual({
      text: 'Not known yet',
      hint: 'Nothing was asked for yet',
    });
    expect(dueTable([{ ...item, expectedPaymentOn: '2018-05-01' }]).rows[0]![3]!.text).toBe('1 May 2018');
  });

  it('lists what will be taken off only while something is left of it', () => {
    expect(owedTable([])).toBeNull();
  });
});

it('asks why in its own words only where nothing was written', () => {
  const errors = [{ path: 'reason', code: 'x', message: 'Write something here.' }];
  expect(askedWhy(errors, ' ', 'Say why.')[0]!.message).toBe('Say why.');
  expect(askedWhy(errors, 'y'.repeat(600), 'Say why.')[0]!.message).toBe('Write something here.');
});
