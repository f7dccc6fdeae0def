import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StatementView, type TrialBalanceView } from '#ledger';
import { training } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, refusal, simpleBody, type Claim } from './claims-support.js';

const BRENT = finance('BRENT');
let service: Service;
let claims: Claims;
let approved: Claim;
beforeAll(async () => {
  service = await Service.start({ clock: '2018-04-03T09:00:00.000Z' });
  claims = new Claims(service);
  approved = await claims.approved(simpleBody('BRENT'));
});
afterAll(() => service?.stop());

const balances = async (query = ''): Promise<Record<string, number>> => {
  const { body } = await service.get<TrialBalanceView>(MTM.finance, `/ledger/trial-balance${query}`);
  return Object.fromEntries(body.accounts.map(({ account, balancePence }) => [account, balancePence]));
};

const FIRST = {
  'assets:receivable:DfE': 25_000,
  'expenses:reimbursement:targeted': 25_000,
  'income:grant:DfE': -25_000,
  'liabilities:payable:BRENT': -25_000,
};

describe('a claim in the books', () => {
  it('is posted by its approval, by category, and not before', async () => {
    await claims.reviewed(simpleBody('BRENT'));
    expect(await balances()).toEqual(FIRST);
  });

  it('is reversed when it is rejected after all', async () => {
    const claim = await claims.approved(simpleBody('BRISTOL'));
    expect((await balances())['assets:receivable:DfE']).toBe(50_000);
    await claims.step(MTM.approver2, claim.id, 'reject', { reason: 'Found out later; not eligible' });
    expect(await balances()).toEqual({ ...FIRST, 'liabilities:payable:BRISTOL': 0 });
    const { rows } = await service.admin.query('SELECT kind, reason FROM journal WHERE claim_id = $1 ORDER BY id', [
      claim.id,
    ]);
    expect(rows).toEqual([
      { kind: 'claim_approved', reason: null },
      { kind: 'claim_approved_reversed', reason: 'Found out later; not eligible' },
    ]);
  });

  it('of which a line was disallowed is posted by what is left; of which all were, not at all', async () => {
    const before = await balances();
    const body = simpleBody('LINCS');
    body.trainerInvoices[0]!.lines.push(training({ trainerDays: '0.5', netPence: 20_000 }));
    const submitted = await claims.submitted(body);
    const of = (index: number) => ({
      lineId: submitted.trainerInvoices[0]!.lines[index]!.id,
      decision: 'disallow',
      reason: 'No',
    });
    await claims.step(MTM.finance, submitted.id, 'review', { lines: [of(1)] });
    const claim = await claims.step(MTM.approver, submitted.id, 'approve');
    expect((await balances())['liabilities:payable:LINCS']).toBe(-claim.approvedPence!);

    const none = await claims.submitted(simpleBody('NORFOLK'));
    const line = { ...of(0), lineId: none.trainerInvoices[0]!.lines[0]!.id };
    await claims.step(MTM.finance, none.id, 'review', { lines: [line] });
    await claims.step(MTM.approver, none.id, 'approve');
    expect(Object.keys(await balances())).not.toContain('liabilities:payable:NORFOLK');
    expect(Object.keys(before)).not.toContain('liabilities:payable:LINCS');
  });
});

describe('GET /ledger/trial-balance', () => {
  it('is as of any instant, or the end of a day in London', async () => {
    expect(await balances('?asOf=2018-04-03T08:59:59.999Z')).toEqual({});
    expect(await balances('?asOf=2018-04-02')).toEqual({});
    const { body } = await service.get<TrialBalanceView>(MTM.auditor, '/ledger/trial-balance?asOf=2018-04-03');
    expect(body.asOf).toBe('2018-04-03T22:59:59.999Z');
    expect(body.accounts.reduce((sum, { balancePence }) => sum + balancePence, 0)).toBe(0);
    expect(body.accounts.map(({ account }) => account)).toContain('assets:receivable:DfE');
  });

  it('comes as CSV, and refuses what is no instant', async () => {
    const csv = await service.get(MTM.finance, '/ledger/trial-balance', { accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(csv.text.split('\r\n')[0]).toBe('account,debitPence,creditPence,balancePence');
    expect(csv.text).toContain('liabilities:payable:BRISTOL,25000,25000,0\r\n');
    for (const query of ['asOf=yesterday', 'asOf=2018-02-30', 'at=2018-04-03']) {
      expect((await service.get(MTM.finance, `/ledger/trial-balance?${query}`)).status).toBe(400);
    }
  });

  it.each(['trial-balance', 'journal'])('/ledger/%s is MTM’s and the auditor’s alone', async (what) => {
    for (const who of [BRENT, manager('BRENT'), MTM.admin]) {
      expect(refusal(await service.get(who, `/ledger/${what}`))).toEqual([403, 'role_not_allowed']);
    }
    for (const who of [MTM.finance, MTM.approver, MTM.coordinator, MTM.auditor]) {
      expect((await service.get(who, `/ledger/${what}`)).status).toBe(200);
    }
  });
});

describe('GET /authorities/:code/statement-of-account', () => {
  const path = '/authorities/BRENT/statement-of-account';

  it('shows the authority what it is owed, and MTM the same', async () => {
    for (const who of [BRENT, manager('BRENT'), MTM.finance, MTM.auditor]) {
      const { body } = await service.get<StatementView>(who, path);
      expect(body).toMatchObject({ authority: 'BRENT', openingPence: 0, closingPence: 25_000, nextCursor: null });
      expect(body.items).toEqual([
        {
          journal: expect.any(Number),
          at: '2018-04-03T09:00:00.000Z',
          bookedOn: '2018-04-03',
          kind: 'claim_approved',
          description: `Claim approved, invoice ${approved.invoiceNumber}`,
          claimId: approved.id,
          amountPence: 25_000,
          balancePence: 25_000,
        },
      ]);
    }
  });

  it('is not there for another authority, or of one that is not there', async () => {
    for (const who of [finance('BRISTOL'), manager('BRISTOL')]) {
      expect(refusal(await service.get(who, path))).toEqual([404, 'not_found']);
    }
    expect(refusal(await service.get(MTM.finance, '/authorities/NOWHERE/statement-of-account'))).toEqual([404, 'not_found']); // prettier-ignore
    expect(refusal(await service.get(MTM.admin, path))).toEqual([403, 'role_not_allowed']);
  });

  it('comes in pages that carry the balance on, and as CSV', async () => {
    const bristol = '/authorities/BRISTOL/statement-of-account';
    const first = await service.get<StatementView>(MTM.finance, `${bristol}?limit=1`);
    expect(first.body).toMatchObject({ openingPence: 0, closingPence: 0, items: [{ amountPence: 25_000, balancePence: 25_000 }] }); // prettier-ignore
    const second = await service.get<StatementView>(MTM.finance, `${bristol}?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ kind: 'claim_approved_reversed', amountPence: -25_000, balancePence: 0 }], nextCursor: null }); // prettier-ignore
    const before = await service.get<StatementView>(MTM.finance, `${bristol}?to=2018-04-02`);
    expect(before.body).toMatchObject({ openingPence: 0, closingPence: 0, items: [] });
    const after = await service.get<StatementView>(BRENT, `${path}?from=2018-04-04&to=2018-04-01`);
    expect(after.body).toMatchObject({ openingPence: 25_000, closingPence: 25_000, items: [] });
    const csv = await service.get(BRENT, path, { accept: 'text/csv' });
    expect(csv.text).toMatch(/^journal,bookedOn,at,kind,description,claimId,amountPence,balancePence\r\n/);
    expect((await service.get(BRENT, `${path}?cursor=nonsense`)).status).toBe(400);
  });
});

describe('GET /ledger/journal', () => {
  it('is plain text, from a day on with what was before it', async () => {
    const all = await service.get(MTM.auditor, '/ledger/journal');
    expect(all.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(all.text).toMatch(/^commodity GBP\n {2}format 1000\.00 GBP\n\naccount assets:receivable:DfE\n/);
    expect(all.text).toContain(
      `Claim approved, invoice ${approved.invoiceNumber}\n    ; claim.approved:${approved.id}:${approved.invoiceNumber}\n    expenses:reimbursement:targeted  250.00 GBP\n`,
    );
    expect(all.text).toMatch(
      /2018-04-03 \* Balances\n(.+\n)*    liabilities:payable:BRENT {2}0\.00 GBP = -250\.00 GBP\n/,
    );
    const later = await service.get(MTM.auditor, '/ledger/journal?from=2018-04-04');
    expect(later.text).not.toContain('Claim approved');
    expect(later.text).toMatch(/2018-04-04 \* Opening balances\n/);
    expect((await service.get(MTM.auditor, '/ledger/journal?from=soon')).status).toBe(400);
  });
});
