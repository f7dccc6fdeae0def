import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClaimQueries } from '#claims';
import { CreateUser } from '#identity';
import { systemActor, UnitOfWork } from '#platform/database';
import { loadProgramme } from '#programme';
import { seedFile } from '#seeds';
import type { ClaimBody } from '#claims/domain';
import { training, trainerInvoice, travel } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, nextNumber, refusal, simpleBody, type Claim, type Items } from './claims-support.js';
import { brokenInvariants } from '../support/invariants.js';

interface File {
  terms: Terms[];
  [key: string]: unknown;
}
interface Terms {
  version: number;
  inForceFrom: string;
  dayRates: { code: string; pencePerTrainerDay: number }[];
  categories: { code: string; label: string; share: object }[];
  [key: string]: unknown;
}

const copy = <T>(value: unknown): T => structuredClone(value) as T;
const second = (): unknown =>
  JSON.parse(readFileSync(new URL('../fixtures/programmes/second.json', import.meta.url), 'utf8'));

/** EIP2 with a second version from 1 May 2018: a higher standard rate, another share, travel halved again. */
function eip2WithSecondVersion(change: (terms: Terms) => void = () => undefined): File {
  const file = copy<File>(seedFile('eip2.json'));
  const next = copy<Terms>(file.terms[0]);
  next.version = 2;
  next.inForceFrom = '2018-05-01';
  for (const rate of next.dayRates) if (rate.code === 'standard') rate.pencePerTrainerDay = 120_000;
  for (const category of next.categories) {
    category.share = category.code === 'travel' ? { numerator: 1, denominator: 4 } : { numerator: 3, denominator: 4 };
  }
  change(next);
  return { ...file, terms: [...file.terms, next] };
}

const BRENT = finance('BRENT');
const namesOf = (id: string) => service.app.get(ClaimQueries).names({ ...systemActor, roles: ['auditor'] }, id);
const labelsOf = async (id: string) => Object.fromEntries((await namesOf(id)).categories);
let service: Service;
let claims: Claims;
let uow: UnitOfWork;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
  uow = service.app.get(UnitOfWork);
});
afterAll(() => service?.stop());

/** A day charged at £1,150, a quarter day, and example 13's travel. */
const body = (number = nextNumber()): ClaimBody => ({
  ...simpleBody('BRENT'),
  trainerInvoices: [
    trainerInvoice(
      [
        training({ trainerDays: '1', netPence: 115_000 }),
        training({ trainerDays: '0.25', netPence: 25_000 }),
        travel(3333),
        travel(1001),
      ],
      { number },
    ),
  ],
});
const UNDER_FIRST = Math.round(125_000 / 2) + 2167;
/** 115,000 + 25,000 eligible at £1,200, three quarters of it, and a quarter of the travel: 4334 ÷ 4 = 1083.5. */
const UNDER_SECOND = 105_000 + 1084;

describe('newer terms', () => {
  let drafted: Claim;
  let submitted: Claim;
  let reviewed: Claim;
  let approved: Claim;
  let returned: Claim;
  const figuresOf = async () => {
    const all = await Promise.all([submitted, reviewed, approved].map(({ id }) => claims.read(BRENT, id)));
    return all.map(({ totalPence, approvedPence, dueOn, calculation }) =>
      JSON.stringify({ totalPence, approvedPence, dueOn, calculation }),
    );
  };

  beforeAll(async () => {
    drafted = await claims.draft(body());
    submitted = await claims.submitted(body());
    reviewed = await claims.submitted(body());
    const lines = [{ lineId: reviewed.trainerInvoices[0]!.lines[3]!.id, decision: 'disallow', reason: 'No receipt' }];
    await claims.step(MTM.finance, reviewed.id, 'review', { lines });
    approved = await claims.approved(body());
    returned = await claims.submitted(body());
    await claims.step(MTM.finance, returned.id, 'return', { reason: 'Attach the invoice' });
  });
  afterAll(() => service.clock.set('2018-04-03T09:00:00.000Z'));

  it('change no claim that was submitted: figures, working, credit notes, days', async () => {
    const before = await figuresOf();
    expect(before[0]).toContain(`"totalPence":${UNDER_FIRST}`);
    const loaded = await loadProgramme(uow, eip2WithSecondVersion());
    expect(loaded).toEqual({ programme: 'EIP2', newTerms: 1, newAuthorities: 0, newAllocations: 0 });
    expect(await figuresOf()).toEqual(before);
    service.clock.set('2018-05-02T09:00:00.000Z');
    expect((await service.get<{ termsVersion: number }>(BRENT, '/programmes/EIP2')).body.termsVersion).toBe(2);
    expect(await figuresOf()).toEqual(before);

    const done = await claims.step(MTM.approver, reviewed.id, 'approve');
    expect(done.approvedPence).toBe(UNDER_FIRST - 500);
    const documents = await service.get<Items<{ kind: string; totalPence: number }>>(
      BRENT,
      `/claims/${reviewed.id}/documents`,
    );
    expect(documents.body.items.map(({ kind, totalPence }) => [kind, totalPence])).toEqual([
      ['invoice', UNDER_FIRST],
      ['credit_note', 500],
    ]);
    const withdrawn = await claims.step(BRENT, submitted.id, 'withdraw');
    expect([withdrawn.totalPence, withdrawn.calculation]).toEqual([UNDER_FIRST, JSON.parse(before[0]!).calculation]);
    expect(await brokenInvariants(service.admin)).toEqual({});
  });

  it('recalculate what is not submitted, wherever it is shown, and freeze again at submission', async () => {
    for (const claim of [drafted, returned]) {
      const now = await claims.read(BRENT, claim.id);
      expect([now.totalPence, now.calculation.totalPence]).toEqual([UNDER_SECOND, UNDER_SECOND]);
      const again = await claims.step(BRENT, claim.id, 'submit');
      expect([again.totalPence, again.calculation.totalPence]).toEqual([UNDER_SECOND, UNDER_SECOND]);
    }
    const list = await service.get<Items<Claim>>(BRENT, '/claims?state=submitted');
    expect(list.body.items.map(({ totalPence }) => totalPence)).toEqual([UNDER_SECOND, UNDER_SECOND]);
  });

  it('can take a category away: a draft with it can still be read, edited and withdrawn, not submitted', async () => {
    const coaching = { category: 'coaching_qa', trainerDays: '0.5', netPence: 50_000 };
    const [kept, edited] = [
      await claims.draft(simpleBody('BRENT', coaching)),
      await claims.draft(simpleBody('BRENT', coaching)),
    ];
    const file = eip2WithSecondVersion();
    const third = copy<Terms>(file.terms[1]);
    third.version = 3;
    third.inForceFrom = '2018-06-01';
    third.categories = third.categories.filter(({ code }) => code !== 'coaching_qa');
    third.categories[0]!.label = 'Targeted, now';
    await loadProgramme(uow, { ...file, terms: [...file.terms, third] });
    service.clock.set('2018-06-02T09:00:00.000Z');

    const now = await claims.read(BRENT, kept.id);
    expect(await labelsOf(kept.id)).toMatchObject({
      targeted: 'Targeted, now',
      coaching_qa: expect.stringContaining('QA'),
    });
    expect((await labelsOf(approved.id))['targeted']).toBe('Targeted training');
    expect(now.calculation.problems).toEqual([
      {
        path: 'trainerInvoices[0].lines[0].category',
        code: 'rate_not_allowed',
        message: expect.stringContaining('no training category "coaching_qa"'),
      },
    ]);
    const submitting = refusal(await claims.tryStep(BRENT, kept.id, 'submit'));
    expect(submitting).toEqual([422, 'claim_has_problems', 'rate_not_allowed']);
    const calculated = refusal(await service.post(BRENT, '/calculations', simpleBody('BRENT', coaching)));
    expect(calculated).toEqual([400, 'malformed', 'unknown_category']);
    expect((await claims.step(BRENT, kept.id, 'withdraw')).state).toBe('withdrawn');
    const saved = await service.call<Claim>(BRENT, 'PUT', `/claims/${edited.id}`, {
      body: simpleBody('BRENT', { trainerDays: '0.01', netPence: 1_000 }),
      headers: { 'if-match': '"v1"' },
    });
    expect([saved.status, saved.body.calculation.problems]).toEqual([200, []]);
    expect((await claims.step(BRENT, edited.id, 'submit')).state).toBe('submitted');
  });

  it('are refused when they change a version that is loaded, and nothing of the file is taken', async () => {
    const file = eip2WithSecondVersion((terms) => (terms.dayRates[0]!.pencePerTrainerDay = 1));
    const extra = copy<Terms>(file.terms[1]);
    file.terms.splice(0, 2, file.terms[0]!, file.terms[1]!, { ...extra, version: 9, inForceFrom: '2019-01-01' });
    await expect(loadProgramme(uow, file)).rejects.toMatchObject({ kind: 'refused', code: 'terms_changed' });
    const { rows } = await service.admin.query(
      `SELECT version FROM programme_terms WHERE programme_code = 'EIP2' ORDER BY version`,
    );
    expect(rows.map(({ version }: { version: number }) => version)).toEqual([1, 2, 3]);
  });

  it('are in the programme’s own trail', async () => {
    const trail = await service.get<Items<{ action: string; after: { version: number; sha256: string } }>>(
      MTM.auditor,
      '/audit?chain=EIP2&limit=200',
    );
    const loaded = trail.body.items.filter(({ action }) => action === 'programme.terms_loaded');
    expect(loaded.map(({ after }) => after.version).sort()).toEqual([1, 2, 3]);
    expect((await service.get(BRENT, '/audit?limit=200')).text).not.toContain('programme.terms_loaded');
  });
});

describe('a second programme', () => {
  const NORTHTON = 'finance@northton.example';
  const visit = (number = nextNumber()): ClaimBody => ({
    programme: 'HOMES',
    authority: 'NORTHTON',
    trainerInvoices: [
      trainerInvoice(
        [
          training({
            category: 'retrofit',
            rate: 'on_site',
            bookedOn: '2019-04-02',
            deliveredOn: ['2019-05-20', '2019-05-21'],
            trainerDays: '1.5',
            netPence: 200_000,
          }),
          travel(10_001),
        ],
        { number, issuedOn: '2019-05-31', paidOn: '2019-06-03' },
      ),
    ],
  });
  afterAll(() => service.clock.set('2018-04-03T09:00:00.000Z'));

  it('loads from its file, once', async () => {
    expect(await loadProgramme(uow, second())).toEqual({
      programme: 'HOMES',
      newTerms: 2,
      newAuthorities: 2,
      newAllocations: 2,
    });
    for (let again = 0; again < 2; again++) {
      expect(await loadProgramme(uow, second())).toMatchObject({ newTerms: 0, newAuthorities: 0, newAllocations: 0 });
    }
    const [a, b] = await Promise.all([loadProgramme(uow, second()), loadProgramme(uow, second())]);
    expect([a.newTerms, b.newTerms]).toEqual([0, 0]);
    const { rows } = await service.admin.query(
      `SELECT category, trim_scale(reserve_days)::text AS reserve FROM allocation_pool WHERE programme_code = 'HOMES'`,
    );
    expect(rows).toEqual([{ category: 'course_days', reserve: '2.5' }]);
  });

  it('takes a claim through its whole life by its own shares, rounding, payer and numbers', async () => {
    const create = service.app.get(CreateUser);
    const user = { email: NORTHTON, name: 'Northton (test)', organisation: 'NORTHTON', roles: ['la_finance'] };
    await create.run(systemActor, user);
    service.clock.set('2019-06-10T09:00:00.000Z');
    service.signInAgain();
    const draft = await claims.draft(visit(), NORTHTON);
    expect(draft.calculation.problems).toEqual([]);
    // 1.5 × £900.01 = 135001.5, half to the even: 135002; two thirds 90001.33 → 90001; the venue is paid in full.
    expect(draft.calculation.categories).toEqual({
      retrofit: {
        netPence: 200_000,
        eligiblePence: 135_002,
        reimbursementPence: 90_001,
        days: '1.5',
        // 1.5 × 1.333 = 1.9995, rounded down.
        fundedDays: '1.999',
      },
      advice: { netPence: 0, eligiblePence: 0, reimbursementPence: 0, days: '0', fundedDays: '0' },
      venue: { netPence: 10_001, eligiblePence: 10_001, reimbursementPence: 10_001 },
    });
    const submitted = await claims.step(NORTHTON, draft.id, 'submit');
    expect(submitted).toMatchObject({
      invoiceNumber: 'WH-NORTHTON-0001',
      dueOn: '2019-07-10',
      waitingFor: 'WHS to review',
    });
    await claims.step(MTM.finance, draft.id, 'review', {
      lines: [{ lineId: submitted.trainerInvoices[0]!.lines[1]!.id, decision: 'disallow', reason: 'No receipt' }],
    });
    const approved = await claims.step(MTM.approver, draft.id, 'approve');
    expect(approved).toMatchObject({ approvedPence: 90_001, waitingFor: 'WHS to fund this' });

    const { rows } = await service.admin.query(
      `SELECT number, total_pence AS pence, payer_email AS email, model -> 'buyer' ->> 'legalName' AS buyer,
              model -> 'buyer' -> 'identifier' ->> 'value' AS identifier, model -> 'payment' AS payment
         FROM document WHERE claim_id = $1 ORDER BY id`,
      [draft.id],
    );
    const payer = {
      email: 'invoices@whs.example',
      buyer: 'Warm Homes Skills Limited',
      identifier: '01234567',
      payment: expect.objectContaining({ withinDays: 30, onReceiptFromFunder: false, funderShortName: 'DIA' }),
    };
    expect(rows).toEqual([
      { number: 'WH-NORTHTON-0001', pence: 100_002, ...payer },
      { number: 'WH-NORTHTON-CN-0001', pence: 10_001, ...payer },
    ]);
    expect(await brokenInvariants(service.admin)).toEqual({});
  });

  it('submits nothing for an authority without an address, and takes no number for it', async () => {
    const SOUTHTON = 'finance@southton.example';
    const user = { email: SOUTHTON, name: 'Southton (test)', organisation: 'SOUTHTON', roles: ['la_finance'] };
    await service.app.get(CreateUser).run(systemActor, user);
    const draft = await claims.draft({ ...visit(), authority: 'SOUTHTON' }, SOUTHTON);
    expect(refusal(await claims.tryStep(SOUTHTON, draft.id, 'submit'))).toEqual([422, 'authority_address_missing']);
    const address = await service.call(SOUTHTON, 'PUT', '/authorities/SOUTHTON', {
      body: { legalName: 'Southton Council (invented)', addressLines: ['2 Example Street'], postcode: 'ST2 2AA' },
      headers: { 'if-match': '"v1"' },
    });
    expect(address.status).toBe(200);
    expect((await claims.step(SOUTHTON, draft.id, 'submit')).invoiceNumber).toBe('WH-SOUTHTON-0001');
  });

  it('keeps to its own windows, and has its own allocations', async () => {
    service.clock.set('2021-07-01T09:00:00.000Z');
    service.signInAgain();
    const late = await service.post<Claim['calculation']>(NORTHTON, '/calculations', visit());
    expect(late.body.problems.map(({ code }) => code)).toEqual(['claim_window_closed']);
    // Version 2 pays a third of retrofit from July 2020.
    expect(late.body.categories['retrofit']!.reimbursementPence).toBe(Math.round(135_002 / 3));
    const days = await service.get<Items<Record<string, string>>>(NORTHTON, '/authorities/NORTHTON/allocations');
    expect(days.body.items).toEqual([
      expect.objectContaining({ category: 'course_days', allottedDays: '25', usedDays: '1.999', leftDays: '23.001' }),
    ]);
    expect((await service.get(NORTHTON, '/authorities/NORTHTON/allocations?programme=EIP2')).body['items']).toEqual([]);
    expect(refusal(await service.post(NORTHTON, '/claims', { ...visit(), programme: 'EIP2' }))).toEqual([
      404,
      'not_found',
    ]);
  });
});
