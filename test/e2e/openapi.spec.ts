import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { OpenApiJudge, recordingFetch, type OpenApi, type Recorded } from '../support/openapi-judge.js';
import { asking } from '../support/openapi-tour-ask.js';
import { findAddresses } from '../support/openapi-addresses.js';
import { refusals, ruleRefusals } from '../support/openapi-tour-refusals.js';
import { rest } from '../support/openapi-tour.js';
import { Service } from '../support/service.js';
import { playOn, type Played } from '../support/story.js';

describe('what the service answers and what its description says', () => {
  const recorded: Recorded[] = [];
  const send = recordingFetch(recorded);
  let service: Service;
  let judge: OpenApiJudge;
  let played: Played;

  beforeAll(async () => {
    // The demo's people and accounts are there before its story begins.
    const clock = '2018-01-15T09:00:00.000Z';
    service = await Service.start({ clock, modules: [WorkerModule], env: { TRUST_PROXY: 'true' } });
    judge = new OpenApiJudge((await (await fetch(`${service.base}/api/docs-json`)).json()) as OpenApi);
    played = await playOn(service, send);
  }, 120_000);
  afterAll(() => service?.stop());

  const violations = () => [...new Set(recorded.flatMap((one) => judge.violations(one)))].sort();
  const named = (good: (one: Recorded) => boolean) => new Set(recorded.filter(good).map((one) => judge.nameOf(one)));

  it('agree over the whole quarter of the demo', () => {
    expect(recorded.length).toBeGreaterThan(200);
    expect(violations()).toEqual([]);
  });

  it('would be seen to disagree', () => {
    const read = recorded.find(
      (one) => judge.nameOf(one) === 'GET /api/v1/claims/{id}/documents' && one.body.includes('"number"'),
    )!;
    const faults = (over: Partial<Recorded>) => judge.violations({ ...read, ...over }).join('\n');
    const answer = (change: (page: { items: Record<string, unknown>[] }) => void): Partial<Recorded> => {
      const page = JSON.parse(read.body.toString()) as { items: Record<string, unknown>[] };
      change(page);
      return { body: Buffer.from(JSON.stringify(page)) };
    };
    expect(faults({})).toBe('');
    expect(faults({ target: '/api/v1/nothing' })).toContain('not documented');
    expect(faults({ method: 'PATCH' })).toContain('not documented');
    expect(faults({ status: 418 })).toContain('status not documented');
    expect(faults({ target: `${read.target}?colour=red` })).toContain('query parameter colour');
    expect(faults({ headers: new Headers({ 'content-type': 'text/html' }) })).toContain('text/html, documented: ');
    expect(faults(answer(({ items }) => (items[0]!['colour'] = 'red')))).toContain(
      'must NOT have additional properties',
    );
    expect(faults(answer(({ items }) => delete items[0]!['number']))).toContain("required property 'number'");
    expect(faults(answer(({ items }) => (items[0]!['totalPence'] = '1')))).toContain('must be integer');
    expect(faults(answer(({ items }) => (items[0]!['issuedOn'] = '16/01/2018')))).toContain('must match format "date"');
    const refusal = { status: 404, headers: new Headers({ 'content-type': 'application/problem+json' }) };
    expect(faults({ ...refusal, body: Buffer.from('{"title":"No"}') })).toContain("required property 'code'");
  });

  it('agree for every operation, each of which succeeds at least once', async () => {
    await rest(service, asking(service, send), played);
    expect(violations()).toEqual([]);
    const succeeded = named((one) => one.status < 300);
    expect(judge.operations().filter((name) => !succeeded.has(name))).toEqual([]);
  }, 60_000);

  it('agree for every refusal, each operation being refused in every way of its kind', async () => {
    const ask = asking(service, send);
    const addressOf = await findAddresses(played);
    for (const name of judge.operations()) await refusals(ask, name, judge.operation(name), addressOf);
    await ruleRefusals(ask, played);
    expect(violations()).toEqual([]);
    const statuses = new Set(recorded.map((one) => one.status));
    expect([...statuses].sort()).toEqual([200, 201, 304, 400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 428]);
    const refused = named((one) => one.status === 401);
    expect(judge.operations().filter((name) => !refused.has(name))).toEqual([]);
  }, 120_000);
});
