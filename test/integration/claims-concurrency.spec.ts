import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimBody, training, trainerInvoice } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { allot, Claims, finance, MTM, refusal, nextNumber, simpleBody, type Claim } from './claims-support.js';
import { brokenRows } from '../support/invariants.js';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const drawn = async (authority: string) => {
  const { rows } = await service.admin.query<{ reserved: string; left: string }>(
    `SELECT trim_scale(reserved_days)::text AS reserved, trim_scale(allotted_days - reserved_days - used_days)::text AS left
       FROM allocation WHERE authority_code = $1 AND category = 'targeted'`,
    [authority],
  );
  return rows[0]!;
};

async function drafts(authority: string, days: readonly string[]): Promise<Claim[]> {
  return Promise.all(
    days.map((trainerDays) =>
      claims.draft(simpleBody(authority, { trainerDays, netPence: Math.round(Number(trainerDays) * 100_000) })),
    ),
  );
}

describe('submissions at once against three days left', () => {
  it.each([
    ['BRENT', Array.from({ length: 50 }, () => '1'), 3],
    ['BRISTOL', Array.from({ length: 20 }, () => '0.5'), 6],
    ['LEICS', Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? '1' : '0.5')), null],
  ] as const)('draws exactly three at %s', async (authority, days, winners) => {
    await allot(service, authority, 'targeted', '3');
    const waiting = await drafts(authority, days);
    const answers = await Promise.all(waiting.map(({ id }) => claims.tryStep(finance(authority), id, 'submit')));
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status !== 200);
    if (winners !== null) expect(won).toHaveLength(winners);
    expect(await drawn(authority)).toEqual({ reserved: '3', left: '0' });
    for (const answer of lost) {
      expect(refusal(answer)).toEqual([422, 'claim_has_problems', 'allocation_exceeded']);
    }
    expect(won.map(({ body }) => body.invoiceNumber).sort()).toEqual(
      won.map((_, at) => `EIP2-${authority}-${String(at + 1).padStart(4, '0')}`),
    );
    expect(await brokenRows(service.admin, 'numberGaps')).toEqual([]);
    expect(await brokenRows(service.admin, 'allocationDifferences')).toEqual([]);
    // Nothing of the losers is left behind: no document, no number, no trace but the draft.
    const { rows } = await service.admin.query(
      `SELECT count(*)::int AS documents FROM document WHERE authority_code = $1`,
      [authority],
    );
    expect(rows[0]).toEqual({ documents: won.length });
  });

  it('says what is left and what is needed (worked example 9)', async () => {
    await allot(service, 'NORFOLK', 'targeted', '10');
    await claims.submitted(simpleBody('NORFOLK', { trainerDays: '9.5', netPence: 950_000 }));
    const claim = await claims.draft(simpleBody('NORFOLK', { trainerDays: '1', netPence: 100_000 }));
    const answer = await claims.tryStep(finance('NORFOLK'), claim.id, 'submit');
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      {
        path: 'trainerInvoices[0].lines[0].trainerDays',
        code: 'allocation_exceeded',
        message: expect.stringContaining('0.5 days left, this claim needs 1'),
      },
    ]);
  });

  it('gives freed days to whoever asks next, and no day twice', async () => {
    await allot(service, 'SUFFOLK', 'targeted', '1');
    const [first, ...others] = await drafts(
      'SUFFOLK',
      Array.from({ length: 12 }, () => '1'),
    );
    await claims.step(finance('SUFFOLK'), first!.id, 'submit');
    const answers = await Promise.all([
      claims.tryStep(MTM.finance, first!.id, 'return', { reason: 'Not legible' }),
      ...others.map(({ id }) => claims.tryStep(finance('SUFFOLK'), id, 'submit')),
    ]);
    expect(answers[0]!.status).toBe(200);
    expect(answers.slice(1).filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(await brokenRows(service.admin, 'allocationDifferences')).toEqual([]);
  });
});

describe('steps of one claim at once', () => {
  it('lets one of two opposite steps win', async () => {
    const claim = await claims.reviewed(simpleBody('WSUSSEX'));
    const answers = await Promise.all([
      claims.tryStep(MTM.approver, claim.id, 'approve'),
      claims.tryStep(MTM.approver2, claim.id, 'approve'),
      claims.tryStep(MTM.finance, claim.id, 'return', { reason: 'Not legible' }),
      claims.tryStep(MTM.finance2, claim.id, 'return', { reason: 'Not legible' }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(refusal(answer)).toEqual([409, 'state_conflict']);
    }
    expect(await brokenRows(service.admin, 'allocationDifferences')).toEqual([]);
  });

  it('issues one invoice however often the same claim is submitted at once', async () => {
    const claim = await claims.draft(simpleBody('WAKEFIELD'));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => claims.tryStep(finance('WAKEFIELD'), claim.id, 'submit')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    const { rows } = await service.admin.query('SELECT number FROM document WHERE claim_id = $1', [claim.id]);
    expect(rows).toEqual([{ number: 'EIP2-WAKEFIELD-0001' }]);
  });

  it('takes locks in one order, however many categories a claim draws from', async () => {
    const every = (order: readonly string[]) => {
      const lines = order.map((category) => training({ category, trainerDays: '0.01', netPence: 1_000 }));
      return claimBody([trainerInvoice(lines, { number: nextNumber() })], { authority: 'TOWERHAM' });
    };
    const bodies = ['targeted coaching_qa practice_leader', 'practice_leader coaching_qa targeted'];
    const reviewed = await Promise.all(
      Array.from({ length: 16 }, (_, at) => claims.reviewed(every(bodies[at % 2]!.split(' ')))),
    );
    const drafts = await Promise.all(Array.from({ length: 8 }, () => claims.draft(every(bodies[0]!.split(' ')))));
    const answers = await Promise.all([
      ...reviewed.map(({ id }, at) =>
        at % 4 === 3
          ? claims.tryStep(MTM.finance, id, 'return', { reason: 'x' })
          : claims.tryStep(MTM.approver, id, 'approve'),
      ),
      ...drafts.map(({ id }) => claims.tryStep(finance('TOWERHAM'), id, 'submit')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await brokenRows(service.admin, 'allocationDifferences')).toEqual([]);
    // What PostgreSQL counts it hands over within a second of the transaction's end.
    await pause(1_500);
    await service.get(MTM.finance, '/claims');
    const { rows } = await service.admin.query<{ deadlocks: number }>(
      `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`,
    );
    expect(rows).toEqual([{ deadlocks: 0 }]);
  });

  it('keeps an edit and a submission apart: the invoice is of one of the two bodies, whole', async () => {
    for (let round = 0; round < 5; round++) {
      const claim = await claims.draft(simpleBody('LINCS', { trainerDays: '0.25', netPence: 25_000 }));
      const next = simpleBody('LINCS', { trainerDays: '0.5', netPence: 50_000 });
      const [edit, submit] = await Promise.all([
        service.call<Claim>(finance('LINCS'), 'PUT', `/claims/${claim.id}`, {
          body: next,
          headers: { 'if-match': `"v${claim.version}"` },
        }),
        claims.tryStep(finance('LINCS'), claim.id, 'submit'),
      ]);
      expect(submit.status).toBe(200);
      // Which comes first is theirs to settle; when the submission did, its version is the edit's stale one.
      expect([200, 412]).toContain(edit.status);
      const [total, lineNet] = edit.status === 200 ? [25_000, 50_000] : [12_500, 25_000];
      const now = await claims.read(finance('LINCS'), claim.id);
      expect([now.totalPence, now.calculation.totalPence, now.trainerInvoices[0]!.lines[0]!.netPence]).toEqual([
        total,
        total,
        lineNet,
      ]);
    }
    expect(await brokenRows(service.admin, 'allocationDifferences')).toEqual([]);
  });
});
