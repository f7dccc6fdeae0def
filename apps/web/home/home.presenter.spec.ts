import { describe, expect, it } from '@jest/globals';
import { type ClaimListItem } from '#claims';
import { type Actor } from '#platform/database';
import { authorityPage, type AuthorityFacts } from './authority-home.presenter.js';
import { counted } from './home.view.js';
import { payerPage, type PayerFacts } from './payer-home.presenter.js';

const actor = (...roles: string[]): Actor => ({
  ...{ userId: 'u1', organisation: roles[0]?.startsWith('la_') ? 'BRENT' : 'MTM' },
  ...{ scope: roles[0]?.startsWith('la_') ? 'BRENT' : '*', roles },
});
const claim = (over: Partial<ClaimListItem> = {}) =>
  ({
    ...{ id: 'c1', authority: 'BRENT', invoiceNumber: 'EIP2-BRENT-0001', state: 'submitted', hold: null },
    ...{ totalPence: 100_00, approvedPence: null, dueOn: '2018-06-02', submittedAt: '2018-04-03T09:00:00.000Z' },
    ...over,
  }) as ClaimListItem;

const NOTHING: AuthorityFacts = {
  ...{ programmes: [], returned: [], moreReturned: false, forms: [], drafts: [], asked: [], lately: [] },
  lastPayment: null,
  account: { accountName: 'Brent', lastFour: '1234', demo: false, version: 1, confirmedAt: '2018-04-01T00:00:00.000Z' },
};
const form = (id: string, claimId: string | null) => ({
  ...{ id, programme: 'EIP2', authority: 'BRENT', title: 'A Trainer', invoiceCount: 1, claimId, claimState: null },
  saved: { at: '2018-04-03T09:00:00.000Z', by: { id: 'u1', name: 'Ada' } },
});

describe('the home page of an authority', () => {
  it('puts what was returned first, and names no claim twice', () => {
    const facts = {
      ...NOTHING,
      returned: [claim({ id: 'r1', state: 'returned' })],
      drafts: [claim({ id: 'd1', state: 'draft', invoiceNumber: null, authorityReference: null }), claim({ id: 'd2' })],
      forms: [form('f1', 'r1'), form('f2', 'd1'), form('f3', null)],
    };
    const { tasks } = authorityPage(actor('la_finance'), facts);
    expect(tasks.map(({ href }) => href)).toEqual(['/claims/r1', '/claim-forms/f2', '/claim-forms/f3', '/claims/d2']);
    expect(tasks[0]).toMatchObject({ tag: 'Returned', urgent: true });
  });

  it('names five claims in preparation and counts the rest', () => {
    const forms = Array.from({ length: 8 }, (_, at) => form(`f${at}`, null));
    const { tasks } = authorityPage(actor('la_finance'), { ...NOTHING, forms });
    expect([tasks.length, tasks.at(-1)?.text]).toEqual([6, '3 more claims in preparation']);
  });

  it('asks finance, and nobody else, for the account it is paid to', () => {
    const account = { ...NOTHING.account, accountName: null, lastFour: null, version: 0 as const, confirmedAt: null };
    const facts = { ...NOTHING, account: account as AuthorityFacts['account'] };
    expect(authorityPage(actor('la_finance'), facts).tasks.map(({ tag }) => tag)).toEqual(['Bank details missing']);
    expect(authorityPage(actor('la_manager'), facts).tasks).toEqual([]);
  });

  it('says when there is nothing', () => {
    const page = authorityPage(actor('la_manager'), NOTHING);
    expect([page.tasks, page.button?.href]).toEqual([[], '/claim-forms/new']);
    expect(page.cards.map(({ figure }) => figure)).toEqual(['£0.00', 'Not known yet', 'None yet']);
  });
});

const PAYER: PayerFacts = {
  ...{ today: '2018-04-03', accounts: [], toConfirm: [], ageing: null, funding: null, toReview: [], toApprove: [] },
  ...{ low: null, jobs: null },
  waiting: { submitted: 3, reviewed: 2, held: 1, returned: 9, adjustments: 4 },
  payments: { preparedRuns: 1, openLines: 1000, sentPayments: 0 },
};

describe('the home page of the payer’s people', () => {
  it('gives each role what is its own to do', () => {
    const of = (...roles: string[]) =>
      payerPage(actor(...roles), PAYER).tasks.map(({ text, tag }) => `${text}: ${tag}`);
    expect(of('mtm_finance')).toEqual([
      'Review claims: 3',
      'Match lines of bank statements: 1,000 or more',
      'Look at claims on hold: 1',
    ]);
    expect(of('mtm_approver')).toEqual([
      'Approve or reject reviewed claims: 2',
      'Approve or cancel adjustments: 4',
      'Approve or cancel payment runs: 1',
    ]);
    expect(of('auditor')).toEqual([]);
  });

  it('says which claim is the most urgent, and that it is late', () => {
    const [task] = payerPage(actor('mtm_finance'), { ...PAYER, toReview: [claim({ dueOn: '2018-04-02' })] }).tasks;
    expect(task).toMatchObject({ urgent: true, hint: expect.stringContaining('was to be paid by 2 April 2018') });
  });

  it('shows an administrator what failed, and an auditor the same without a task', () => {
    const figures = {
      documentsPending: 0,
      documentsFailed: 2,
      deliveriesQueued: 0,
      deliveriesFailed: 0,
      deliveriesUnconfirmed: 1,
    };
    const facts = { ...PAYER, waiting: null, payments: null, jobs: { figures, items: [] } };
    expect(payerPage(actor('administrator'), facts).tasks.map(({ tag }) => tag)).toEqual(['2', '1']);
    const auditor = payerPage(actor('auditor'), facts);
    expect([auditor.tasks, auditor.cards[0]?.figure]).toEqual([[], '2']);
  });

  it('counts up to a thousand', () => {
    expect([counted(999), counted(1000)]).toEqual(['999', '1,000 or more']);
  });
});
