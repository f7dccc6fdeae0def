import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import type { ClaimBody } from '#claims/domain';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, nextNumber, refusal, simpleBody, type Claim } from './claims-support.js';

const BRENT = finance('BRENT');
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const of = (...lines: Parameters<typeof trainerInvoice>[0]): ClaimBody =>
  claimBody([trainerInvoice(lines, { number: nextNumber() })]);
const without = (body: ClaimBody): ClaimBody => ({
  ...body,
  trainerInvoices: body.trainerInvoices.map((invoice) => ({
    ...invoice,
    trainer: { name: invoice.trainer.name },
    lines: invoice.lines.map((line) => ({ ...line, vatRate: '0', vatPence: 0 })),
  })),
});
const calculate = async (body: ClaimBody, who = BRENT) => {
  const answer = await service.post<Claim['calculation']>(who, '/calculations', body);
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return answer.body;
};

describe('the worked examples of docs/domain.md, over HTTP', () => {
  const advanced = { rate: 'advanced', trainerDays: '5', netPence: 600_000, vatPence: 120_000 };
  /** [example, body, what each category comes to: reimbursement and days drawn, above the rate] */
  const EXAMPLES: readonly [string, ClaimBody, Record<string, [number, string?]>, number][] = [
    [
      '1: two standard days and travel',
      of(training({ trainerDays: '2', netPence: 200_000 }), travel(15_640, { vatRate: '20', vatPence: 3128 })),
      { targeted: [100_000, '2'], travel: [7820] },
      0,
    ],
    [
      '2: three half-day practice-leader sessions',
      of(...[1, 2, 3].map(() => training({ category: 'practice_leader', trainerDays: '0.5', netPence: 50_000 }))),
      { practice_leader: [75_000, '1.5'] },
      0,
    ],
    [
      '3: a coaching day by a trainer who is not registered',
      without(of(training({ category: 'coaching_qa' }))),
      { coaching_qa: [50_000, '1'] },
      0,
    ],
    ['4: half of an advanced course', of(training(advanced)), { targeted: [300_000, '6'] }, 0],
    ['5: above the rate', of(training({ netPence: 115_000 })), { targeted: [50_000, '1'] }, 15_000],
    ['6: below the rate', of(training({ netPence: 85_000 })), { targeted: [42_500, '1'] }, 0],
    ['7: half a penny', of(training(), travel(3333), travel(1002)), { targeted: [50_000, '1'], travel: [2168] }, 0],
    [
      '10: thirds of an advanced day',
      of(training({ rate: 'advanced', trainerDays: '3.333', netPence: 400_000 })),
      { targeted: [199_980, '4'] },
      40,
    ],
  ];

  it.each(EXAMPLES)('%s', async (_, body, expected, above) => {
    const calculation = await calculate(body);
    expect(calculation.problems).toEqual([]);
    expect(Object.keys(calculation.categories)).toEqual(['targeted', 'coaching_qa', 'practice_leader', 'travel']);
    for (const [code, figures] of Object.entries(calculation.categories)) {
      const [pence, days] = expected[code] ?? [0, code === 'travel' ? undefined : '0'];
      expect([code, figures.reimbursementPence, figures.fundedDays]).toEqual([code, pence, days]);
    }
    const total = Object.values(expected).reduce((sum, [pence]) => sum + pence, 0);
    expect([calculation.totalPence, calculation.aboveRatePence]).toEqual([total, above]);
    // Every figure has its working, which ends in that figure.
    const worked = new Map(calculation.working.map((item) => [item.for, item.resultPence]));
    for (const [code, { reimbursementPence }] of Object.entries(calculation.categories)) {
      expect([code, worked.get(code)]).toEqual([code, reimbursementPence]);
    }
    for (const name of ['totalPence', 'grossPence', 'vatPence', 'aboveRatePence', 'authorityPence'] as const) {
      expect([name, worked.get(name)]).toEqual([name, calculation[name]]);
    }
    const net = calculation.grossPence - calculation.vatPence;
    expect(calculation.totalPence + calculation.authorityPence).toBe(net);
  });

  it('the answer of the contract, to the penny', async () => {
    const body = claimBody([
      trainerInvoice([
        training({ trainerDays: '2', netPence: 200_000, deliveredOn: ['2018-03-12', '2018-03-13'] }),
        travel(15_640, { vatRate: '20', vatPence: 3128 }),
      ]),
    ]);
    expect(await calculate(body)).toMatchObject({
      totalPence: 107_820,
      grossPence: 258_768,
      vatPence: 43_128,
      aboveRatePence: 0,
      authorityPence: 107_820,
      problems: [],
    });
  });

  it('8: refused by a day, claimable the day after', async () => {
    const early = of(training({ bookedOn: '2017-09-01', deliveredOn: ['2017-09-29'] }));
    expect((await calculate(early)).problems.map(({ path, code }) => [path, code])).toEqual([
      ['trainerInvoices[0].lines[0].bookedOn', 'booked_too_early'],
      ['trainerInvoices[0].lines[0].deliveredOn[0]', 'delivered_too_early'],
    ]);
    const draft = await claims.draft(early);
    expect(refusal(await claims.tryStep(BRENT, draft.id, 'submit'))).toEqual([
      422,
      'claim_has_problems',
      'booked_too_early',
      'delivered_too_early',
    ]);
    await claims.submitted(
      of(training({ trainerDays: '0.1', netPence: 10_000, bookedOn: '2017-09-02', deliveredOn: ['2017-09-30'] })),
    );
  });

  it('today counts by London’s date, not by Greenwich’s', async () => {
    const tomorrow = of(training({ deliveredOn: ['2018-04-04'] }));
    service.clock.set('2018-04-03T22:59:59.000Z');
    expect((await calculate(tomorrow)).problems.map(({ code }) => code)).toEqual(['delivered_in_future']);
    service.clock.set('2018-04-03T23:00:00.000Z');
    expect((await calculate(tomorrow)).problems).toEqual([]);
    service.clock.set('2018-04-03T09:00:00.000Z');
  });
});

describe('a calculation', () => {
  it('stores nothing, whoever asks and whatever is wrong with it', async () => {
    const tables = ['claim', 'trainer_invoice', 'audit_entry', 'idempotency_key', 'allocation_entry', 'outbox'];
    const counts = async () =>
      Promise.all(tables.map(async (table) => (await service.admin.query(`SELECT count(*) FROM ${table}`)).rows[0]));
    for (const who of [BRENT, manager('BRENT'), MTM.auditor]) await service.token(who);
    const before = await counts();
    for (const who of [BRENT, manager('BRENT'), MTM.auditor]) {
      await calculate(simpleBody('BRENT', { bookedOn: '2017-01-01', netPence: 10_000_000, vatPence: 2_000_000 }), who);
    }
    expect(await counts()).toEqual(before);
  });

  it('is the same as the draft’s and the submission’s', async () => {
    const body = of(training({ trainerDays: '0.333', netPence: 40_001 }), travel(4335));
    const { problems, ...figures } = await calculate(body);
    const draft = await claims.draft(body);
    const submitted = await claims.step(BRENT, draft.id, 'submit');
    expect([problems, draft.calculation, submitted.calculation]).toEqual([
      [],
      { ...figures, problems },
      { ...figures, problems },
    ]);
    // Once its days are drawn and its invoice taken, what was frozen is not held against it.
    expect((await claims.read(BRENT, draft.id)).calculation).toEqual(submitted.calculation);
  });
});

describe('replacing a draft', () => {
  const put = (id: string, body: unknown, etag?: string, who = BRENT) =>
    service.call<Claim>(who, 'PUT', `/claims/${id}`, { body, headers: etag === undefined ? {} : { 'if-match': etag } });

  it('needs the version that was read', async () => {
    const claim = await claims.draft(simpleBody('BRENT'));
    const read = await service.get(BRENT, `/claims/${claim.id}`);
    expect(read.headers.get('etag')).toBe('"v1"');
    expect(refusal(await put(claim.id, simpleBody('BRENT')))).toEqual([428, 'precondition_required']);
    const edited = await put(claim.id, simpleBody('BRENT'), '"v1"');
    expect([edited.status, edited.body.version, edited.headers.get('etag')]).toEqual([200, 2, '"v2"']);
    for (const etag of ['"v1"', '"v3"', '"other"', 'W/"v2"']) {
      expect(refusal(await put(claim.id, simpleBody('BRENT'), etag))).toEqual([412, 'version_stale']);
    }
    expect(refusal(await claims.tryStep(BRENT, claim.id, 'submit', {}, { 'if-match': '"v1"' }))).toEqual([
      412,
      'version_stale',
    ]);
    expect((await claims.tryStep(BRENT, claim.id, 'submit', {}, { 'if-match': '"v2"' })).status).toBe(200);
    expect(refusal(await put(claim.id, simpleBody('BRENT'), '"v3"'))).toEqual([409, 'state_conflict']);
  });

  it('lets one of two editors through', async () => {
    const claim = await claims.draft(simpleBody('BRENT'));
    const answers = await Promise.all(
      [BRENT, manager('BRENT'), BRENT].map((who) => put(claim.id, simpleBody('BRENT'), '"v1"', who)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it('keeps what it said before, who wrote it, the ids of what is still there and its evidence', async () => {
    const [kept, dropped, added] = [nextNumber(), nextNumber(), nextNumber()];
    const invoices = (...numbers: string[]) =>
      claimBody(
        numbers.map((number) => trainerInvoice([training({ trainerDays: '0.1', netPence: 10_000 })], { number })),
      );
    const claim = await claims.draft(invoices(kept, dropped), manager('BRENT'));
    const form = new FormData();
    form.append('trainerInvoiceId', claim.trainerInvoices[0]!.id);
    form.append('files', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'invoice.csv');
    const sent = await service.call(BRENT, 'POST', `/claims/${claim.id}/evidence`, {
      body: form,
      headers: { 'idempotency-key': uuid() },
    });
    expect(sent.status).toBe(201);

    // In another order, otherwise spelt: it is still the same invoice.
    const version = (await claims.read(BRENT, claim.id)).version;
    const edited = await put(claim.id, invoices(added, kept.toLowerCase()), `"v${version}"`);
    expect(edited.status).toBe(200);
    expect(edited.body.trainerInvoices.map(({ number }) => number)).toEqual([added, kept.toLowerCase()]);
    expect(edited.body.trainerInvoices[1]!.id).toBe(claim.trainerInvoices[0]!.id);
    expect(edited.body.trainerInvoices[0]!.id).not.toBe(claim.trainerInvoices[1]!.id);
    const evidence = await service.get<{ items: { trainerInvoiceId: string }[] }>(
      BRENT,
      `/claims/${claim.id}/evidence`,
    );
    expect(evidence.body.items.map(({ trainerInvoiceId }) => trainerInvoiceId)).toEqual([claim.trainerInvoices[0]!.id]);

    const { rows } = await service.admin.query(
      `SELECT r.version, r.body -> 'trainerInvoices' -> 1 ->> 'number' AS second, cardinality(c.makers) AS makers
         FROM claim_revision r JOIN claim c ON c.id = r.claim_id WHERE r.claim_id = $1`,
      [claim.id],
    );
    expect(rows).toEqual([{ version, second: dropped, makers: 2 }]);
  });

  it('changes a returned claim, and what it issued stays as it was', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    const returned = await claims.step(MTM.finance, claim.id, 'return', { reason: 'Half of it' });
    const body = simpleBody('BRENT', { trainerDays: '0.25', netPence: 25_000 });
    const edited = await put(claim.id, body, `"v${returned.version}"`);
    expect([edited.body.state, edited.body.totalPence]).toEqual(['returned', 12_500]);
    const again = await claims.step(BRENT, claim.id, 'submit');
    const { rows } = await service.admin.query(
      `SELECT kind, total_pence AS pence FROM document WHERE claim_id = $1 ORDER BY id`,
      [claim.id],
    );
    expect(rows).toEqual([
      { kind: 'invoice', pence: 25_000 },
      { kind: 'credit_note', pence: 25_000 },
      { kind: 'invoice', pence: 12_500 },
    ]);
    expect(again.invoiceNumber).not.toBe(claim.invoiceNumber);
  });
});
