import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { EvidenceApiModule } from '../../apps/api/evidence/evidence-api.module.js';
import { ImportsApiModule } from '../../apps/api/imports/imports-api.module.js';
import { DatabaseModule, type Actor } from '#platform/database';
import { aCsv, aPdf, aPng } from '../builders/evidence-files.js';
import { as, startHttpApp, USER_ID, type HttpTestApp } from '../support/http-app.js';
import { BRISTOL, ClaimsWorld } from './evidence-support.js';

/** Whom the token `good` stands for. */
const OFFICER: Actor = { userId: USER_ID, organisation: 'BRENT', scope: 'BRENT', roles: ['la_finance'] };

interface Part {
  name?: string;
  bytes: Buffer;
  fileName: string;
  type?: string;
}

interface Problem {
  code: string;
  errors: { path: string; code: string }[];
}

describe('evidence and imports over HTTP', () => {
  let world: ClaimsWorld;
  let http: HttpTestApp;
  let base: string;

  beforeAll(async () => {
    world = await ClaimsWorld.open();
    http = await startHttpApp([], {
      env: { DATABASE_URL: world.database.url, DATA_DIR: world.folder, TEST_CLOCK: '2018-04-03T09:00:00Z' },
      imports: [DatabaseModule.forRoot('test'), EvidenceApiModule, ImportsApiModule],
    });
    base = await http.app.getUrl();
  });
  afterAll(async () => {
    await http?.app.close();
    await world?.close();
  });

  function send(claimId: string, parts: Part[], fields: Record<string, string> = {}, headers = {}): Promise<Response> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const { name = 'files', bytes, fileName, type = 'application/pdf' } of parts) {
      form.append(name, new Blob([new Uint8Array(bytes)], { type }), fileName);
    }
    return fetch(`${base}/api/v1/claims/${claimId}/evidence`, {
      method: 'POST',
      headers: as('good', headers),
      body: form,
    });
  }

  const get = (path: string, headers = {}): Promise<Response> =>
    fetch(`${base}/api/v1/${path}`, { headers: as('good', headers) });

  it('takes several files, lists them and gives each back', async () => {
    const claimId = await world.draft(OFFICER, 'INV-1');
    const [trainerInvoiceId] = await world.trainerInvoices(claimId);
    const answer = await send(
      claimId,
      [
        { bytes: aPdf('one'), fileName: 'τιμολόγιο.pdf' },
        { bytes: aPng(), fileName: 'photo.png', type: 'image/png' },
        { bytes: aCsv(), fileName: 'bank.csv', type: 'text/csv' },
      ],
      { trainerInvoiceId: trainerInvoiceId!, description: 'All there is' },
    );
    const added = (await answer.json()) as { items: { id: string; fileName: string }[] };
    expect([answer.status, added]).toMatchObject([
      201,
      {
        items: [
          { fileName: 'τιμολόγιο.pdf', trainerInvoiceId, description: 'All there is', declaredOtherwise: false },
          { fileName: 'photo.png', mediaType: 'image/png', declaredOtherwise: false },
          { fileName: 'bank.csv', mediaType: 'text/csv' },
        ],
      },
    ]);
    const listed = await get(`claims/${claimId}/evidence?limit=2`);
    const page = (await listed.json()) as { items: unknown[]; nextCursor: string };
    expect(page.items).toEqual(added.items.slice(0, 2));
    const next = await get(`claims/${claimId}/evidence?limit=2&cursor=${page.nextCursor}`);
    expect(await next.json()).toEqual({ items: added.items.slice(2), nextCursor: null });

    const shown = await get(`claims/${claimId}/evidence/${added.items[0]!.id}`);
    expect(Buffer.from(await shown.arrayBuffer()).equals(aPdf('one'))).toBe(true);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(aPdf('one').length),
      'content-disposition': expect.stringContaining(`inline; filename="_________.pdf"; filename*=UTF-8''%CF%84%CE%B9`),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/sandbox$/),
    });
    const known = await get(`claims/${claimId}/evidence/${added.items[0]!.id}`, {
      'if-none-match': shown.headers.get('etag'),
    });
    expect(known.status).toBe(304);
    const saved = await get(`claims/${claimId}/evidence/${added.items[2]!.id}`);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('lists them as CSV: the same rows in the same order, page by page, a removed one with why', async () => {
    const claimId = await world.draft(OFFICER);
    const files = ['=1+1.pdf', 'two, of three.pdf', 'three.pdf'];
    const parts = files.map((fileName) => ({ bytes: aPdf(fileName), fileName }));
    const { items } = (await (await send(claimId, parts)).json()) as { items: Record<string, unknown>[] };
    await fetch(`${base}/api/v1/claims/${claimId}/evidence/${String(items[2]!['id'])}/remove`, {
      method: 'POST',
      headers: as('good', { 'content-type': 'application/json' }),
      body: JSON.stringify({ reason: 'Of another claim' }),
    });
    const csv = (query = '') => get(`claims/${claimId}/evidence${query}`, { accept: 'text/csv' });
    const whole = await csv();
    expect(whole.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const rows = parse(await whole.text(), { columns: true }) as Record<string, string>[];
    const listed = (await (await get(`claims/${claimId}/evidence`)).json()) as { items: Record<string, unknown>[] };
    expect(Object.keys(rows[0]!).sort()).toEqual(Object.keys(listed.items[0]!).sort());
    const text = (value: unknown): string => (value === null ? '' : String(value as string | number | boolean));
    for (const [at, item] of listed.items.entries()) {
      const cells = Object.entries(item).map(([name, value]) => [name, text(value)]);
      expect(rows[at]).toEqual({ ...Object.fromEntries(cells), fileName: ["'=1+1.pdf", ...files.slice(1)][at] });
    }
    expect(rows[2]).toMatchObject({ removedReason: 'Of another claim', removedBy: USER_ID });

    const first = await csv('?limit=2');
    const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')![1]!;
    const second = await fetch(base + next, { headers: as('good', { accept: 'text/csv' }) });
    expect((parse(await second.text(), { columns: true }) as object[]).length).toBe(1);
  });

  it('answers one file with where it can be read', async () => {
    const claimId = await world.draft(OFFICER);
    const answer = await send(claimId, [{ bytes: aPdf(), fileName: 'a.pdf' }]);
    expect((await fetch(base + answer.headers.get('location'), { headers: as('good') })).status).toBe(200);
  });

  it('keeps an Idempotency-Key by the parts: the same gives the first answer, other content is refused', async () => {
    const claimId = await world.draft(OFFICER);
    const key = { 'idempotency-key': `evidence-${claimId}` };
    const part = { bytes: aPdf('same'), fileName: 'a.pdf' };
    const first = await send(claimId, [part], {}, key);
    const again = await send(claimId, [part], {}, key);
    expect([first.status, again.status, again.headers.get('idempotency-hit')]).toEqual([201, 201, 'true']);
    expect(await again.json()).toEqual(await first.json());
    for (const [parts, fields] of [
      [[{ ...part, bytes: aPdf('other') }], {}],
      [[{ ...part, fileName: 'b.pdf' }], {}],
      [[part], { description: 'more' }],
      [[part, part], {}],
    ] as [Part[], Record<string, string>][]) {
      const other = await send(claimId, parts, fields, key);
      expect([other.status, ((await other.json()) as Problem).code]).toEqual([422, 'idempotency_key_reused']);
    }
    const listed = await get(`claims/${claimId}/evidence`);
    expect(((await listed.json()) as { items: unknown[] }).items).toHaveLength(1);
  });

  it.each<[string, number, string, Part[]]>([
    ['a file over 10 MB', 413, 'file_too_large', [{ bytes: Buffer.alloc(11_000_000, aPdf()), fileName: 'big.pdf' }]],
    ['a program', 415, 'evidence_type_not_allowed', [{ bytes: Buffer.from('MZ\0\0'), fileName: 'a.pdf' }]],
    ['an empty file', 400, 'file_empty', [{ bytes: Buffer.alloc(0), fileName: 'a.pdf' }]],
    ['no file', 400, 'malformed', []],
    ['too many files', 413, 'too_many_files', Array.from({ length: 21 }, () => ({ bytes: aPdf(), fileName: 'a.pdf' }))],
  ])('refuses %s with %i %s and records nothing', async (_what, status, code, parts) => {
    const claimId = await world.draft(OFFICER);
    const good = { bytes: aPdf(), fileName: 'good.pdf' };
    const answer = await send(claimId, code === 'malformed' ? [] : [good, ...parts].slice(-21), { description: 'x' });
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([status, code]);
    const listed = await get(`claims/${claimId}/evidence`);
    expect(await listed.json()).toEqual({ items: [], nextCursor: null });
  });

  it('refuses what is no form, a cut-off form and unknown fields', async () => {
    const claimId = await world.draft(OFFICER);
    const post = (type: string, body: string) =>
      fetch(`${base}/api/v1/claims/${claimId}/evidence`, {
        method: 'POST',
        headers: as('good', { 'content-type': type }),
        body,
      });
    expect((await post('application/json', '{}')).status).toBe(415);
    const cut = '--b\r\ncontent-disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7';
    expect((await post('multipart/form-data; boundary=b', cut)).status).toBe(400);
    expect((await send(claimId, [{ bytes: aPdf(), fileName: 'a.pdf' }], { sha256: 'x' })).status).toBe(400);
    expect(await (await get(`claims/${claimId}/evidence`)).json()).toMatchObject({ items: [] });
  });

  it('answers 404 for another authority’s claim, whatever is asked, before the file is read', async () => {
    const claimId = await world.draft(BRISTOL);
    const answers = [
      await send(claimId, [{ bytes: Buffer.from('MZ'), fileName: 'a.exe' }]),
      await get(`claims/${claimId}/evidence`),
      await get(`claims/${claimId}/evidence/${claimId}`),
      await fetch(`${base}/api/v1/claims/${claimId}/evidence/${claimId}/remove`, {
        method: 'POST',
        headers: as('good', { 'content-type': 'application/json' }),
        body: '{"reason":"x"}',
      }),
      await get('claims/nonsense/evidence'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  it('imports the template it gives, as a raw body and in a form, and names bad rows', async () => {
    const template = await get('claim-imports/template');
    expect(template.headers.get('content-type')).toMatch(/^text\/csv/);
    const text = await template.text();
    const raw = (body: string, query = '') =>
      fetch(`${base}/api/v1/claim-imports${query}`, {
        method: 'POST',
        headers: as('good', { 'content-type': 'text/csv; charset=utf-8' }),
        body,
      });
    const answer = await raw(text);
    expect([answer.status, await answer.json()]).toMatchObject([201, { rowCount: 2, claimCount: 1 }]);

    const form = new FormData();
    form.append('file', new Blob([text], { type: 'text/csv' }), 'claims.csv');
    const repeated = await fetch(`${base}/api/v1/claim-imports`, { method: 'POST', headers: as('good'), body: form });
    expect([repeated.status, ((await repeated.json()) as Problem).code]).toEqual([409, 'import_repeated']);
    expect((await raw(text, '?again=true')).status).toBe(201);
    expect((await raw(text, '?again=maybe')).status).toBe(400);
    expect((await raw('')).status).toBe(400);

    const bad = await raw(text.replace('156.40', 'x'));
    expect([bad.status, await bad.json()]).toMatchObject([
      422,
      { code: 'import_rejected', errors: [{ path: 'row 3, net', code: 'not_an_amount' }] },
    ]);
  });
});
