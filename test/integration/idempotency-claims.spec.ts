import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service, type Reply } from '../support/service.js';
import { Claims, finance, manager, MTM, refusal, simpleBody, type Claim } from './claims-support.js';

const BRENT = finance('BRENT');
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const count = async (table: string): Promise<number> => {
  const { rows } = await service.admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]!.n;
};

/** Sends one request again until it is answered otherwise than "still running", as a client is told to. */
async function insist<T>(send: () => Promise<Reply<T>>): Promise<Reply<T>> {
  for (;;) {
    const answer = await send();
    if (answer.status !== 409) return answer;
    expect(refusal(answer)).toEqual([409, 'idempotency_key_in_use']);
    await pause(5);
  }
}

describe('one Idempotency-Key sent two hundred times', () => {
  it('makes one claim and gives every sender the same bytes', async () => {
    await service.token(BRENT);
    const before = await count('claim');
    const entries = await count('audit_entry');
    const body = simpleBody('BRENT');
    const send = () => service.post(BRENT, '/claims', body, { 'idempotency-key': 'draft-1' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => insist(send)));
    for (let at = 0; at < 100; at++) answers.push(await send());

    expect([...new Set(answers.map(({ status }) => status))]).toEqual([201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const hits = answers.filter(({ headers }) => headers.get('idempotency-hit') === 'true');
    expect(hits).toHaveLength(199);
    for (const header of ['etag', 'location', 'content-type']) {
      expect([header, ...new Set(answers.map(({ headers }) => headers.get(header)))]).toEqual([
        header,
        expect.any(String),
      ]);
    }
    expect(await count('claim')).toBe(before + 1);
    expect(await count('audit_entry')).toBe(entries + 1);
  });

  it('submits once', async () => {
    const claim = await claims.draft(simpleBody('BRENT'));
    const documents = await count('document');
    const send = () => claims.tryStep(BRENT, claim.id, 'submit', {}, { 'idempotency-key': 'submit-1' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => insist(send)));
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await count('document')).toBe(documents + 1);
    // What happened since changes nothing: the key answers for its own request.
    await claims.step(MTM.finance, claim.id, 'review');
    const late = await send();
    expect([late.status, late.body.state, late.headers.get('idempotency-hit')]).toEqual([200, 'submitted', 'true']);
  });
});

describe('a key', () => {
  it('refuses another body, another call and another claim', async () => {
    const body = simpleBody('BRENT');
    const key = { 'idempotency-key': 'taken' };
    const claim = (await service.post<Claim>(BRENT, '/claims', body, key)).body;
    const other = await claims.draft(simpleBody('BRENT'));
    for (const answer of [
      await service.post(BRENT, '/claims', { ...body, purchaseOrder: 'PO 1' }, key),
      await service.post(BRENT, `/claims/${claim.id}/submit`, {}, key),
    ]) {
      expect(refusal(answer)).toEqual([422, 'idempotency_key_reused']);
    }
    await claims.tryStep(BRENT, claim.id, 'submit', {}, { 'idempotency-key': 'step' });
    expect(refusal(await claims.tryStep(BRENT, other.id, 'submit', {}, { 'idempotency-key': 'step' }))).toEqual([
      422,
      'idempotency_key_reused',
    ]);
    expect((await claims.read(BRENT, other.id)).state).toBe('draft');
  });

  it('knows a body by what it says, not by how it is spaced', async () => {
    const body = simpleBody('BRENT');
    const headers = { 'idempotency-key': 'spaced', 'content-type': 'application/json' };
    const first = await service.call(BRENT, 'POST', '/claims', { body: JSON.stringify(body), headers });
    const again = await service.call(BRENT, 'POST', '/claims', { body: JSON.stringify(body, null, 4), headers });
    expect([first.status, again.status, again.text === first.text]).toEqual([201, 201, true]);
  });

  it('is the caller’s own', async () => {
    const key = { 'idempotency-key': 'mine' };
    const body = simpleBody('BRENT');
    const [mine, theirs] = [
      await service.post<Claim>(BRENT, '/claims', body, key),
      await service.post<Claim>(manager('BRENT'), '/claims', body, key),
    ];
    expect([mine.status, theirs.status, mine.body.id === theirs.body.id]).toEqual([201, 201, false]);
    const bristol = await service.post<Claim>(finance('BRISTOL'), '/claims', simpleBody('BRISTOL'), key);
    expect([bristol.status, bristol.body.authority]).toEqual([201, 'BRISTOL']);
  });

  it('is free again after a refusal: only what was done is kept', async () => {
    const claim = await claims.draft(simpleBody('BRENT', { bookedOn: '2017-09-01' }));
    const key = { 'idempotency-key': 'second-chance' };
    expect(refusal(await claims.tryStep(BRENT, claim.id, 'submit', {}, key))).toEqual([
      422,
      'claim_has_problems',
      'booked_too_early',
    ]);
    const edit = await service.call(BRENT, 'PUT', `/claims/${claim.id}`, {
      body: simpleBody('BRENT'),
      headers: { 'if-match': '"v1"' },
    });
    expect(edit.status).toBe(200);
    const answer = await claims.tryStep(BRENT, claim.id, 'submit', {}, key);
    expect([answer.status, answer.headers.get('idempotency-hit')]).toEqual([200, null]);
  });

  it('in use is 409 while the first request runs', async () => {
    const claim = await claims.draft(simpleBody('BRENT'));
    await service.admin.query('BEGIN');
    try {
      await service.admin.query('SELECT 1 FROM claim WHERE id = $1 FOR UPDATE', [claim.id]);
      const key = { 'idempotency-key': 'slow' };
      const first = claims.tryStep(BRENT, claim.id, 'submit', {}, key);
      let second: Reply<unknown>;
      // The first holds its key from before it waits for the claim; until then the second would wait for it too.
      do {
        await pause(20);
      } while (!(await isWaiting()));
      second = await claims.tryStep(BRENT, claim.id, 'submit', {}, key);
      expect(refusal(second)).toEqual([409, 'idempotency_key_in_use']);
      await service.admin.query('COMMIT');
      expect((await first).status).toBe(200);
      second = await claims.tryStep(BRENT, claim.id, 'submit', {}, key);
      expect([second.status, second.headers.get('idempotency-hit')]).toEqual([200, 'true']);
    } finally {
      await service.admin.query('ROLLBACK').catch(() => undefined);
    }
  });

  const isWaiting = async (): Promise<boolean> => {
    const { rows } = await service.admin.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  };

  it.each(['submit', 'withdraw', 'review', 'findings', 'approve', 'return', 'reject', 'hold', 'release', 'assign'])(
    'is required to %s a claim',
    async (name) => {
      const claim = await claims.draft(simpleBody('BRENT'));
      const answer = await service.call(BRENT, 'POST', `/claims/${claim.id}/${name}`, { body: {} });
      expect(refusal(answer)).toEqual([400, 'idempotency_key_missing']);
    },
  );

  it('is not looked at by calculations', async () => {
    const key = { 'idempotency-key': 'calculation' };
    const first = await service.post(BRENT, '/calculations', simpleBody('BRENT'), key);
    const other = await service.post(BRENT, '/calculations', simpleBody('BRENT', { netPence: 10_000 }), key);
    expect([first.status, other.status, other.headers.get('idempotency-hit')]).toEqual([200, 200, null]);
    expect(other.text).not.toBe(first.text);
  });
});
