import { describe, expect, it } from '@jest/globals';
import { actionWords, changesOf, trailQuery, trailRows, verificationWords } from './audit.presenter.js';

describe('the days of a filter', () => {
  it('begin and end at midnight in London, summer or winter', () => {
    expect(trailQuery({ from: '2018-01-10', to: '2018-01-10' }).query).toEqual({
      from: '2018-01-10T00:00:00.000Z',
      to: '2018-01-11T00:00:00.000Z',
    });
    // Summer time began at one in the morning of 25 March.
    expect(trailQuery({ from: '2018-03-25', to: '2018-03-25' }).query).toEqual({
      from: '2018-03-25T00:00:00.000Z',
      to: '2018-03-25T23:00:00.000Z',
    });
    expect(trailQuery({ from: '2018-10-28', to: '2018-10-28' }).query).toEqual({
      from: '2018-10-27T23:00:00.000Z',
      to: '2018-10-29T00:00:00.000Z',
    });
  });

  it('are real', () => {
    const { query, problems } = trailQuery({ chain: 'BRENT', from: '2018-02-30', to: 'soon' });
    expect(problems.map(({ path }) => path)).toEqual(['from', 'to']);
    expect(query).toEqual({ chain: 'BRENT' });
  });
});

describe('an entry', () => {
  it('says what was done and what it changed', () => {
    expect(actionWords('claim.findings_recorded')).toBe('Claim: findings recorded');
    const changed = changesOf({
      before: { roles: ['auditor'], active: true },
      after: { roles: ['la_finance'], active: true },
    });
    expect(changed).toEqual(['roles: auditor → la_finance']);
    expect(changesOf({ before: null, after: { fundedDays: '1.2', reason: null } })).toEqual(['funded days: 1.2']);
    expect(changesOf({ before: null, after: null })).toEqual([]);
    expect(changesOf({ before: null, after: { list: [{ a: 'x'.repeat(500) }] } })[0]!.length).toBeLessThan(250);
  });

  it('leads to its claim, and to more by the same person', () => {
    const entry = {
      ...{ chain: 'BRENT', seq: 7, at: '2018-04-03T09:00:00.000Z', actorId: 'u', actorRoles: [], organisation: 'MTM' },
      ...{ action: 'claim.approved', subjectType: 'claim', subjectId: 'c', claimId: 'c', before: null, after: null },
      ...{ reason: null, requestId: null, previousHash: 'a', hash: 'b' },
    };
    const [row] = trailRows([entry], () => 'Ada', { chain: 'BRENT', cursor: 'x' });
    expect(row).toMatchObject({
      at: '3 April 2018 at 10:00am',
      who: 'Ada',
      byThem: '/audit?chain=BRENT&actorId=u',
      claim: '/claims/c',
    });
  });
});

describe('a verification', () => {
  const found = { ok: true, entries: 1204, chains: 3, checkpoints: 1, findings: [], truncated: false };
  it('is said in words', () => {
    expect(verificationWords(found).sentences[0]).toBe('1,204 entries in 3 chains and 1 checkpoint were recomputed.');
    const finding = { chain: 'BRENT', seq: 7, kind: 'changed' as const, detail: 'x' };
    const bad = verificationWords({ ...found, ok: false, findings: [finding] });
    expect([bad.ok, bad.sentences[1]]).toEqual([false, '1 thing is not as written; they are listed below.']);
    expect(
      verificationWords({ ...found, ok: false, findings: [finding, finding], truncated: true }).sentences[1],
    ).toMatch(/^More than 2 are/);
  });
});
