import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, refusal, simpleBody, type Claim } from './claims-support.js';

const BRENT = finance('BRENT');
const EVERYBODY = [BRENT, manager('BRENT'), ...Object.values(MTM)];

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const small = () => simpleBody('BRENT', { trainerDays: '0.01', netPence: 1_000 });

/** docs/domain.md, "A claim's life" and "Who": the step, a claim it could be taken on, and who may. */
const STEPS: readonly [step: string, claim: () => Promise<Claim>, may: readonly string[]][] = [
  ['submit', () => claims.draft(small()), [BRENT]],
  ['withdraw', () => claims.submitted(small()), [BRENT]],
  ['review', () => claims.submitted(small()), [MTM.finance, MTM.finance2]],
  ['findings', () => claims.reviewed(small()), [MTM.finance, MTM.finance2]],
  ['assign', () => claims.submitted(small()), [MTM.finance, MTM.finance2, MTM.approver, MTM.approver2]],
  ['return', () => claims.submitted(small()), [MTM.finance, MTM.finance2]],
  ['hold', () => claims.submitted(small()), [MTM.finance, MTM.finance2]],
  ['release', held, [MTM.finance, MTM.finance2]],
  ['approve', () => claims.reviewed(small()), [MTM.approver, MTM.approver2]],
  ['reject', () => claims.reviewed(small()), [MTM.approver, MTM.approver2]],
];

async function held(): Promise<Claim> {
  const claim = await claims.submitted(small());
  return claims.step(MTM.finance, claim.id, 'hold', { reason: 'Asking' });
}

const REASON = {
  return: { reason: 'x' },
  reject: { reason: 'x' },
  hold: { reason: 'x' },
  assign: { userId: null },
} as Record<string, object>;
const bodyOf = (step: string, claim: Claim): object =>
  step === 'findings'
    ? { paymentProof: [{ trainerInvoiceId: claim.trainerInvoices[0]!.id, paidOn: '2018-03-01' }] }
    : (REASON[step] ?? {});

describe('a step is taken by whose it is, and refused loudly to everybody else', () => {
  it.each(STEPS)('%s', async (step, makeClaim, may) => {
    const claim = await makeClaim();
    for (const who of EVERYBODY.filter((email) => !may.includes(email))) {
      const answer = await claims.tryStep(who, claim.id, step, bodyOf(step, claim));
      expect([who, ...refusal(answer)]).toEqual([who, 403, 'role_not_allowed']);
      expect(answer.body.detail).toMatch(/^You may not .+ Who may: .+\.$/);
    }
    expect(await claims.read(BRENT, claim.id)).toMatchObject({ state: claim.state, version: claim.version });
    await claims.step(may[0]!, claim.id, step, bodyOf(step, claim));
  });

  it('a draft is the authority’s to write', async () => {
    const claim = await claims.draft(small(), manager('BRENT'));
    for (const who of Object.values(MTM)) {
      expect(refusal(await service.post(who, '/claims', small()))).toEqual([403, 'role_not_allowed']);
      const edit = await service.call(who, 'PUT', `/claims/${claim.id}`, {
        body: small(),
        headers: { 'if-match': '"v1"' },
      });
      expect(refusal(edit)).toEqual([403, 'role_not_allowed']);
    }
    await claims.step(BRENT, claim.id, 'submit');
  });

  it('everybody reads, and may calculate', async () => {
    const claim = await claims.draft(small());
    for (const who of EVERYBODY) {
      expect((await service.get(who, `/claims/${claim.id}`)).status).toBe(200);
      expect((await service.get(who, `/claims/${claim.id}/timeline`)).status).toBe(200);
      expect((await service.post(who, '/calculations', small())).status).toBe(200);
    }
  });
});

describe('no maker approves', () => {
  const BOTH = 'both@mtm.example';
  const THIRD = 'third@mtm.example';
  beforeAll(async () => {
    for (const email of [BOTH, THIRD]) {
      const roles = ['mtm_finance', 'mtm_approver'];
      const answer = await service.post(MTM.admin, '/users', {
        email,
        name: 'Both (test)',
        organisation: 'MTM',
        roles,
      });
      expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    }
  });

  it('neither approves nor rejects what one reviewed, with both roles', async () => {
    const claim = await claims.submitted(small());
    await claims.step(BOTH, claim.id, 'review');
    expect(refusal(await claims.tryStep(BOTH, claim.id, 'approve'))).toEqual([403, 'maker_cannot_approve']);
    expect(refusal(await claims.tryStep(BOTH, claim.id, 'reject', { reason: 'x' }))).toEqual([
      403,
      'maker_cannot_reject',
    ]);
    expect((await claims.step(THIRD, claim.id, 'approve')).state).toBe('approved');
  });

  it('nor after a return and another’s review of what was submitted again', async () => {
    const claim = await claims.submitted(small());
    await claims.step(BOTH, claim.id, 'review');
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'Attach the invoice' });
    await claims.step(BRENT, claim.id, 'submit');
    await claims.step(MTM.finance, claim.id, 'review');
    expect(refusal(await claims.tryStep(BOTH, claim.id, 'approve'))).toEqual([403, 'maker_cannot_approve']);
    await claims.step(MTM.approver, claim.id, 'approve');
  });

  it('and once approved, another rejects than who approved', async () => {
    const claim = await claims.approved(small());
    expect(refusal(await claims.tryStep(MTM.approver, claim.id, 'reject', { reason: 'x' }))).toEqual([
      403,
      'approver_cannot_reject',
    ]);
    expect((await claims.step(MTM.approver2, claim.id, 'reject', { reason: 'Paid by another grant' })).state).toBe(
      'rejected',
    );
  });

  it('says no before it says that the claim has moved on', async () => {
    const claim = await claims.approved(small());
    const stale = { 'if-match': '"v1"' };
    expect(refusal(await claims.tryStep(MTM.finance, claim.id, 'approve', {}, stale))).toEqual([
      403,
      'role_not_allowed',
    ]);
    expect(refusal(await claims.tryStep(MTM.approver2, claim.id, 'approve', {}, stale))).toEqual([
      412,
      'version_stale',
    ]);
    expect(refusal(await claims.tryStep(MTM.approver2, claim.id, 'approve'))).toEqual([409, 'state_conflict']);
  });
});

describe('a hold', () => {
  it('blocks review and approval only', async () => {
    const claim = await claims.reviewed(small());
    await claims.step(MTM.finance, claim.id, 'hold', { reason: 'Asking' });
    expect(refusal(await claims.tryStep(MTM.approver, claim.id, 'approve'))).toEqual([409, 'claim_held']);
    expect(refusal(await claims.tryStep(MTM.finance, claim.id, 'hold', { reason: 'x' }))).toEqual([409, 'claim_held']);
    await claims.step(MTM.finance2, claim.id, 'release');
    expect(refusal(await claims.tryStep(MTM.finance, claim.id, 'release'))).toEqual([409, 'claim_not_held']);
    await claims.step(MTM.approver, claim.id, 'approve');
    await claims.step(MTM.finance, claim.id, 'hold', { reason: 'Once more' });
    expect(await claims.step(MTM.approver2, claim.id, 'reject', { reason: 'x' })).toMatchObject({ hold: null });
  });

  it('keeps nobody from withdrawing, and goes with it', async () => {
    const claim = await held();
    expect(await claims.step(BRENT, claim.id, 'withdraw')).toMatchObject({ state: 'withdrawn', hold: null });
  });
});
