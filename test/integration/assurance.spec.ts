import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { drawSample, populationHash } from '#funding/domain';
import { Service } from '../support/service.js';
import { finance, manager, MTM, refusal, type Claim, type Items, type ProblemBody } from './claims-support.js';
import { bodyWorth, Funding } from './funding-support.js';

interface Sample extends ProblemBody {
  id: string;
  seed: string;
  populationCount: number;
  populationPence: number;
  populationSha256: string;
  itemCount: number;
  itemPence: number;
  requestedCount: number;
  passedCount: number;
  failedCount: number;
}
interface Item extends ProblemBody {
  id: string;
  claimId: string;
  authority: string;
  invoiceNumber: string;
  place: number;
  why: string;
  amountPence: number;
  state: string;
  evidenceCount: number;
  lastEvidenceAt: string | null;
  reason: string | null;
  adjustmentId: string | null;
  version: number;
}

const RULE = { from: '2018-04-01', to: '2018-04-30', thresholdPence: 50_000, seed: 'spring' };

describe('assurance', () => {
  let service: Service;
  let funding: Funding;
  const approved = new Map<string, Claim>();
  let sample: Sample;
  let items: Item[];

  beforeAll(async () => {
    service = await Service.start();
    funding = new Funding(service);
    for (let at = 0; at < 12; at++) {
      const claim = await funding.approved(10_000 + at, at % 3 === 0 ? 'BRISTOL' : 'BRENT');
      approved.set(claim.id, claim);
    }
    const large = await funding.approved(50_001, 'NORFOLK');
    approved.set(large.id, large);
    // Of three the money came meanwhile: they are approved all the same.
    await funding.received(30_003);
    expect(await funding.states([...approved.keys()].slice(0, 4))).toEqual(['funded', 'funded', 'funded', 'approved']);
    // Neither was approved in the period, or is any more.
    const rejected = await funding.approved(90_000, 'LEICS');
    await funding.claims.step(MTM.approver2, rejected.id, 'reject', { reason: 'No' });
    await funding.claims.reviewed(bodyWorth('SUFFOLK', 90_000));
    at('2018-05-02');
  });
  afterAll(() => service?.stop());

  function at(date: string): void {
    service.clock.set(`${date}T09:00:00.000Z`);
    service.signInAgain();
  }
  const draw = (body: object, by: string = MTM.finance) => service.post<Sample>(by, '/assurance-samples', body);
  const drawn = async (query: string, by: string = MTM.auditor) =>
    (await service.get<Items<Item>>(by, `/assurance-items?limit=200&${query}`)).body.items;
  const record = (id: string, body: object, by: string = MTM.finance2, headers: Record<string, string> = {}) =>
    service.post<Item>(by, `/assurance-items/${id}/outcome`, body, headers);
  const audit = async (action: string): Promise<Record<string, unknown>[]> =>
    (
      await service.admin.query<Record<string, unknown>>(
        'SELECT chain, claim_id, after FROM audit_entry WHERE action = $1 ORDER BY chain, claim_id',
        [action],
      )
    ).rows;
  const file = (claimId: string, by: string) => {
    const form = new FormData();
    form.append('files', new Blob(['date,amount\n2018-03-28,100\n'], { type: 'text/csv' }), `${uuid()}.csv`);
    return service.call(by, 'POST', `/claims/${claimId}/evidence`, {
      body: form,
      headers: { 'idempotency-key': uuid() },
    });
  };

  it('draws every claim above the threshold, one of each authority and a tenth of the value, by a seed that draws it again', async () => {
    const answer = await draw(RULE);
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    sample = answer.body;
    items = (await drawn(`sampleId=${sample.id}`)).sort((a, b) => a.place - b.place);
    expect(sample).toMatchObject({ seed: 'spring', populationCount: 13, itemCount: items.length, failedCount: 0 });
    expect(items.map(({ place }) => place)).toEqual(items.map((_, index) => index + 1));
    expect(items[0]).toMatchObject({ why: 'above_threshold', authority: 'NORFOLK', amountPence: 50_001 });
    expect(new Set(items.map(({ authority }) => authority))).toEqual(new Set(['BRENT', 'BRISTOL', 'NORFOLK']));
    expect(sample.itemPence * 10).toBeGreaterThanOrEqual(sample.populationPence);
    const { body } = await service.get<Items<{ claimId: string; authority: string; amountPence: number }>>(
      MTM.auditor,
      `/assurance-samples/${sample.id}/population?limit=200`,
    );
    const population = body.items.map(({ claimId: id, authority, amountPence: pence }) => ({ id, authority, pence }));
    expect(population.map(({ id }) => id).sort()).toEqual([...approved.keys()].sort());
    expect(populationHash(population)).toBe(sample.populationSha256);
    const again = drawSample(population, { ...RULE, valuePercent: 10 });
    expect(items.map(({ claimId, why }) => [claimId, why])).toEqual(again.map(({ id, why }) => [id, why]));
    const second = (await draw(RULE)).body;
    expect((await drawn(`sampleId=${second.id}`)).map(({ claimId, place }) => [place, claimId]).sort()).toEqual(
      items.map(({ claimId, place }) => [place, claimId]).sort(),
    );
    const own = (await draw({ ...RULE, seed: undefined })).body;
    expect(own.seed).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is drawn by MTM finance of days that are over, and of something', async () => {
    for (const by of [MTM.approver, MTM.auditor, MTM.coordinator, finance('BRENT')]) {
      expect(refusal(await draw(RULE, by))).toEqual([403, 'role_not_allowed']);
    }
    expect(refusal(await draw({ ...RULE, to: '2018-05-02' }))).toEqual([422, 'period_not_over', 'period_not_over']);
    expect(refusal(await draw({ ...RULE, from: '2018-05-01', to: '2018-04-01' }))).toEqual([
      400,
      'malformed',
      'out_of_range',
    ]);
    expect(refusal(await draw({ ...RULE, from: '2017-01-01', to: '2017-02-01' }))).toEqual([422, 'nothing_to_sample']);
    expect(refusal(await draw({ ...RULE, valuePercent: 9 }))).toEqual([400, 'malformed', 'out_of_range']);
  });

  it('asks each authority for evidence in one letter, and its claims’ timelines say so', async () => {
    const { rows } = await service.admin.query<{ to: string; owner: string; letter: { facts: [string, string][] } }>(
      `SELECT to_address AS to, authority_code AS owner, letter FROM delivery WHERE notice_key LIKE 'assurance:' || $1 || ':%' ORDER BY 1`,
      [sample.id],
    );
    for (const code of ['BRENT', 'BRISTOL', 'NORFOLK']) {
      const theirs = items.filter(({ authority }) => authority === code).map(({ invoiceNumber }) => invoiceNumber);
      const letters = rows.filter(({ owner }) => owner === code);
      expect(letters.map(({ to }) => to)).toContain(finance(code));
      for (const { letter } of letters) expect(letter.facts.map(([number]) => number).sort()).toEqual(theirs.sort());
    }
    const [first] = items;
    const timeline = await service.get<Items<{ action: string }>>(
      finance(first!.authority),
      `/claims/${first!.claimId}/timeline?limit=200`,
    );
    expect(timeline.body.items.map(({ action }) => action)).toContain('assurance.evidence_requested');
  });

  it('asks a contact that several authorities share about the claims of each', async () => {
    const shared = 'shared@services.example';
    await service.admin.query(
      `UPDATE authority_profile SET contact_email = $1 WHERE authority_code IN ('BRENT', 'BRISTOL')`,
      [shared],
    );
    const again = await draw({ ...RULE, seed: 'shared' });
    expect(again.status).toBe(201);
    const { rows } = await service.admin.query<{ owner: string }>(
      `SELECT authority_code AS owner FROM delivery WHERE to_address = $1 AND notice_key LIKE 'assurance:' || $2 || ':%' ORDER BY 1`,
      [shared, again.body.id],
    );
    expect(rows.map(({ owner }) => owner)).toEqual(['BRENT', 'BRISTOL']);
  });

  it('shows an authority its own items and no sample', async () => {
    const own = await drawn(`sampleId=${sample.id}`, manager('BRENT'));
    expect(own.map(({ id }) => id).sort()).toEqual(
      items
        .filter(({ authority }) => authority === 'BRENT')
        .map(({ id }) => id)
        .sort(),
    );
    expect(await drawn('authority=BRISTOL', manager('BRENT'))).toEqual([]);
    const other = items.find(({ authority }) => authority === 'BRISTOL')!;
    expect((await service.get(finance('BRENT'), `/assurance-items/${other.id}`)).status).toBe(404);
    expect((await service.get(finance('BRENT'), `/assurance-samples/${sample.id}`)).status).toBe(404);
    expect((await service.get(finance('BRENT'), `/assurance-samples`)).status).toBe(403);
    expect((await service.get(MTM.admin, `/assurance-samples`)).status).toBe(403);
  });

  it('takes the authority’s reply as evidence on the approved claim', async () => {
    const brent = items.find(({ authority }) => authority === 'BRENT')!;
    expect(brent).toMatchObject({ evidenceCount: 0, lastEvidenceAt: null });
    expect((await file(brent.claimId, finance('BRENT'))).status).toBe(201);
    const { body } = await service.get<Item>(finance('BRENT'), `/assurance-items/${brent.id}`);
    expect(body).toMatchObject({ evidenceCount: 1, lastEvidenceAt: '2018-05-02T09:00:00.000Z' });
  });

  it('is recorded by MTM finance who neither reviewed nor approved the claim, once', async () => {
    const [item] = items.filter(({ authority }) => authority === 'BRENT');
    // Who reviewed it.
    expect(refusal(await record(item!.id, { outcome: 'passed' }, MTM.finance))).toEqual([403, 'maker_cannot_record']);
    expect(refusal(await record(item!.id, { outcome: 'passed' }, MTM.approver))).toEqual([403, 'role_not_allowed']);
    expect(refusal(await record(item!.id, { outcome: 'passed' }, finance('BRENT')))).toEqual([403, 'role_not_allowed']);
    await service.admin.query(`UPDATE user_account SET roles = roles || '{mtm_finance}' WHERE email = $1`, [
      MTM.approver,
    ]);
    expect(refusal(await record(item!.id, { outcome: 'passed' }, MTM.approver))).toEqual([
      403,
      'approver_cannot_record',
    ]);
    await service.admin.query(`UPDATE user_account SET roles = '{mtm_approver}' WHERE email = $1`, [MTM.approver]);
    expect(refusal(await record(item!.id, { outcome: 'passed' }, MTM.finance2, { 'if-match': '"v9"' }))).toEqual([
      412,
      'version_stale',
    ]);
    const lines = [{ lineId: approved.get(item!.claimId)!.trainerInvoices[0]!.lines[0]!.id }];
    for (const [body, codes] of [
      [{ outcome: 'failed' }, ['required']],
      [{ outcome: 'passed', lines }, ['unknown_field']],
      [{ outcome: 'failed', reason: 'Why' }, ['required']],
      [{ outcome: 'unclear' }, ['not_one_of']],
    ] as const) {
      expect(refusal(await record(item!.id, body))).toEqual([400, 'malformed', ...codes]);
    }
    const both = await Promise.all([record(item!.id, { outcome: 'passed' }), record(item!.id, { outcome: 'passed' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(refusal(await record(item!.id, { outcome: 'failed', reason: 'After all', lines }))).toEqual([
      409,
      'outcome_recorded',
    ]);
    expect(await drawn(`claimId=${item!.claimId}&state=passed`)).toMatchObject([
      { id: item!.id, state: 'passed', reason: null, adjustmentId: null, version: 2 },
    ]);
    expect(await audit('assurance.passed')).toMatchObject([
      { chain: 'BRENT', claim_id: item!.claimId, after: { state: 'passed', version: 2 } },
    ]);
  });

  it('proposes an adjustment when it failed, or nothing at all is recorded', async () => {
    const [item] = items.filter(({ authority }) => authority === 'NORFOLK');
    const claim = approved.get(item!.claimId)!;
    const travel = claim.trainerInvoices[0]!.lines.find(({ kind }) => kind === 'travel')!;
    const failed = (lineId: string) => ({
      outcome: 'failed',
      reason: 'No receipt for the rail fare',
      lines: [{ lineId }],
    });
    expect((await record(item!.id, failed(uuid()))).status).toBe(400);
    expect(await drawn(`claimId=${claim.id}&sampleId=${sample.id}`)).toMatchObject([
      { state: 'requested', version: 1 },
    ]);
    const answer = await record(item!.id, failed(travel.id));
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    expect(answer.body).toMatchObject({ state: 'failed', reason: 'No receipt for the rail fare' });
    const adjustment = await service.get<{ state: string; amountPence: number; claimId: string }>(
      MTM.auditor,
      `/adjustments/${answer.body.adjustmentId}`,
    );
    expect(adjustment.body).toMatchObject({ state: 'proposed', claimId: claim.id, amountPence: travel.netPence / 2 });
    const { body } = await service.get<Sample>(MTM.auditor, `/assurance-samples/${sample.id}`);
    expect(body).toMatchObject({ failedCount: 1, passedCount: 1, requestedCount: body.itemCount - 2 });
    // In the other samples of the claim the failure needs no second adjustment.
    const [other] = (await drawn(`claimId=${claim.id}&state=requested`)).slice(0, 1);
    const second = await record(other!.id, { outcome: 'failed', reason: 'The same' });
    expect(second.body).toMatchObject({ state: 'failed', adjustmentId: null });
  });

  it('is held by the database: outcomes are final, by another, and samples never change', async () => {
    const [left] = await drawn('state=requested&authority=BRISTOL');
    const ask = (sql: string, values: unknown[] = []) => service.admin.query(sql, values);
    const by = (column: string) =>
      ask(
        `UPDATE assurance_item i SET state = 'passed', recorded_at = now(), recorded_by = ${column} FROM claim c WHERE c.id = i.claim_id AND i.id = $1`,
        [left!.id],
      );
    await expect(by('c.approved_by')).rejects.toThrow('made or approved');
    await expect(by('c.makers[1]')).rejects.toThrow('made or approved');
    await expect(ask(`UPDATE assurance_item SET state = 'failed' WHERE id = $1`, [left!.id])).rejects.toThrow(
      'outcome_whole',
    );
    await expect(ask(`UPDATE assurance_item SET state = 'passed' WHERE state = 'failed'`)).rejects.toThrow();
    await expect(ask(`UPDATE assurance_sample SET seed = 'x'`)).rejects.toThrow();
    await expect(ask('DELETE FROM assurance_population')).rejects.toThrow();
    await expect(
      ask(
        `INSERT INTO assurance_sample SELECT gen_random_uuid(), programme_code, seed, from_on, to_on, threshold_pence, 100, population_count,
           population_pence, population_sha256, item_count, item_pence, drawn_by, drawn_at FROM assurance_sample LIMIT 1`,
      ),
    ).rejects.toThrow('assurance_sample_worth_enough');
  });

  it('is told of in CSV too', async () => {
    const csv = async (path: string) =>
      (await service.get(MTM.auditor, path, { accept: 'text/csv' })).text.split('\r\n');
    expect((await csv('/assurance-samples'))[0]).toMatch(/^id,programme,seed,from,to,/);
    expect(await csv(`/assurance-samples/${sample.id}/population`)).toHaveLength(13 + 2);
    expect(await csv(`/assurance-items?sampleId=${sample.id}`)).toHaveLength(items.length + 2);
  });
});
