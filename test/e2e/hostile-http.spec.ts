import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request, type IncomingHttpHeaders, type Server } from 'node:http';
import { deflateSync } from 'node:zlib';
import { v7 as uuid } from 'uuid';
import { MailboxModule } from '../../apps/standalone/mailbox/mailbox.module.js';
import { aPdf, zip } from '../builders/evidence-files.js';
import { Claims, simpleBody } from '../integration/claims-support.js';
import { finance } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

const BRENT = finance('BRENT');

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start({ web: true, modules: [MailboxModule] });
  claims = new Claims(service);
}, 60_000);
afterAll(() => service?.stop());

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request as it stands: no client puts the path right or forbids a header. */
function raw(
  base: string,
  path: string,
  headers: Record<string, string> = {},
  sent?: { method: string; body: string },
) {
  const { hostname, port } = new URL(base);
  return new Promise<Got>((done, failed) => {
    const asked = request({ hostname, port, path, headers, method: sent?.method ?? 'GET', agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.on('error', failed).end(sent?.body);
  });
}

const upload = async (claimId: string, files: readonly (readonly [name: string, bytes: Buffer])[]) => {
  const body = new FormData();
  for (const [name, bytes] of files) body.append('files', new Blob([new Uint8Array(bytes)]), name);
  return service.call<{ items: { id: string }[]; code: string }>(BRENT, 'POST', `/claims/${claimId}/evidence`, {
    body,
    headers: { 'idempotency-key': uuid() },
  });
};

describe('a path that leads out of its folder', () => {
  const OUT = [
    '..%2f..%2f..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    '../../package.json',
    '..%5c..%5cpackage.json',
  ];
  const FOLDERS = ['/assets/', '/assets/images/', '/api/docs/', '/mailbox/', '/api/v1/documents/', '/claims/'];
  const cases = FOLDERS.flatMap((folder) => [...OUT, '%00', 'manifest.json%00.css'].map((end) => `${folder}${end}`));

  it.each(cases)('%s opens nothing', async (path) => {
    const visitor = new WebVisitor(service.base);
    await visitor.signIn(BRENT);
    const headers = { cookie: visitor.cookie, authorization: `Bearer ${await service.token(BRENT)}` };
    const { status, text } = await raw(service.base, path, headers);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(/"dependencies"|styles\.css"/);
  });

  it('as the id of a document or of evidence is malformed or nobody’s', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    for (const path of [
      `/claims/${id}/evidence/..%2f..%2fstorage`,
      '/documents/..%2f..%2fx/pdf',
      `/claims/..%2f${id}`,
    ]) {
      expect([400, 404]).toContain((await service.get(BRENT, path)).status);
    }
  });
});

describe('evidence that is made to hurt', () => {
  /** What 64 MiB of nothing come to is a thousandth of it. */
  const nothing = Buffer.alloc(64 * 1024 * 1024);
  const workbook = [
    { name: '[Content_Types].xml', content: Buffer.from('<Types/>') },
    { name: 'xl/workbook.xml', content: Buffer.from('<workbook/>') },
  ];

  it('a workbook that unpacks to a thousand times its size is refused', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    const bomb = zip([...workbook, { name: 'xl/worksheets/sheet1.xml', content: nothing }]);
    expect(bomb.length).toBeLessThan(100_000);
    expect((await upload(id, [['bomb.xlsx', bomb]])).status).toBe(415);
    expect((await upload(id, [['plain.xlsx', zip(workbook)]])).status).toBe(201);
  });

  it('one that lies about its size is kept as it came: nothing here unpacks it', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    const lie = zip([...workbook, { name: 'xl/worksheets/sheet1.xml', content: nothing, unpacked: 1_000 }]);
    const answer = await upload(id, [['lie.xlsx', lie]]);
    expect(answer.status).toBe(201);
    const kept = await service.get(BRENT, `/claims/${id}/evidence/${answer.body.items[0]!.id}`);
    expect(Number(kept.headers.get('content-length'))).toBe(lie.length);
    expect(kept.headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  it('a PDF that unpacks to a thousand times its size, twice over, is kept as it came', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    const packed = deflateSync(deflateSync(nothing));
    const stream = `1 0 obj << /Filter [/FlateDecode /FlateDecode] /Length ${packed.length} >> stream\n`;
    const bomb = Buffer.concat([
      Buffer.from(`%PDF-1.7\n${stream}`),
      packed,
      Buffer.from('\nendstream endobj\n%%EOF\n'),
    ]);
    expect(bomb.length).toBeLessThan(nothing.length / 1_000);
    const answer = await upload(id, [['bomb.pdf', bomb]]);
    expect(answer.status).toBe(201);
    const kept = await service.get(BRENT, `/claims/${id}/evidence/${answer.body.items[0]!.id}`);
    expect(Number(kept.headers.get('content-length'))).toBe(bomb.length);
  });

  it('a PDF with a script in it is shown in a sandbox, as what it is, and never as a page of ours', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    const script = '/OpenAction << /S /JavaScript /JS (app.alert(1)) >> <script>alert(1)</script>';
    const answer = await upload(id, [['invoice.pdf', aPdf(script)]]);
    const { headers } = await service.get(BRENT, `/claims/${id}/evidence/${answer.body.items[0]!.id}`);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox$/);
  });

  it('more files than a form may have, or a larger one, leave nothing behind', async () => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    const many = Array.from({ length: 21 }, (_, at) => [`${at}.pdf`, aPdf(String(at))] as const);
    expect((await upload(id, many)).status).toBe(413);
    expect((await upload(id, [['large.pdf', Buffer.concat([aPdf(), Buffer.alloc(10 * 1024 * 1024)])]])).status).toBe(
      413,
    );
    expect((await service.get(BRENT, `/claims/${id}/evidence`)).body['items']).toEqual([]);
  });

  it.each([
    ['a line break', 'a\r\nSet-Cookie: x=1\r\n.pdf'],
    ['an encoded line break', 'a%0D%0ASet-Cookie: x=1.pdf'],
    ['quotes', 'a"; filename="b.html'],
    ['a way out', '../../../etc/cron.d/x.pdf'],
    ['text that turns round', 'a\u202Efdp.exe'],
  ])('a name with %s is made safe', async (_, name) => {
    const { id } = await claims.draft(simpleBody('BRENT'));
    const answer = await upload(id, [[name, aPdf()]]);
    expect(answer.status).toBe(201);
    const { headers } = await service.get(BRENT, `/claims/${id}/evidence/${answer.body.items[0]!.id}`);
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-disposition')).toMatch(
      /^(inline|attachment); filename="[^"\\/\r\n]+\.pdf"; filename\*=UTF-8''[A-Za-z0-9._~!$&+^`|%-]+\.pdf$/,
    );
  });
});

describe('a form with files on the pages', () => {
  it('of another site is refused before a file is taken', async () => {
    const visitor = new WebVisitor(service.base);
    await visitor.signIn(BRENT);
    const { path } = await (await visitor.open('/claim-forms/new')).press('Start');
    const form = new FormData();
    form.append('files', new Blob([new Uint8Array(aPdf())]), 'a.pdf');
    expect((await visitor.post(`${path}/evidence`, form, { origin: 'https://evil.example' })).status).toBe(403);
    // Without the token: refused, or there is nothing to add a file to yet; never taken.
    expect([403, 404]).toContain((await visitor.post(`${path}/evidence`, form)).status);
  });
});

describe('where somebody is sent after signing in', () => {
  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/%09/evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/a\r\nSet-Cookie: x=1',
    '@evil.example',
  ])('is a page of ours, not %j', async (next) => {
    const visitor = new WebVisitor(service.base);
    const page = await visitor.open(`/sign-in?next=${encodeURIComponent(next)}`);
    const _csrf = page.root.querySelector('input[name=_csrf]')!.getAttribute('value')!;
    const answer = await visitor.raw('/sign-in/demo', {
      method: 'POST',
      headers: { origin: service.base },
      body: new URLSearchParams({ _csrf, email: BRENT }),
    });
    const to = answer.headers.get('location')!;
    expect([answer.status, new URL(to, service.base).origin]).toEqual([303, new URL(service.base).origin]);
    expect(to).toMatch(/^\/(?![/\\])/);
  });
});

describe('a page elsewhere that has given its own name this machine’s address', () => {
  it('signs nobody in, whatever its browser says in Host and Origin', async () => {
    const visitor = new WebVisitor(service.base);
    const page = await visitor.open('/sign-in');
    const _csrf = page.root.querySelector('input[name=_csrf]')!.getAttribute('value')!;
    const host = `evil.example:${new URL(service.base).port}`;
    const body = new URLSearchParams({ _csrf, email: BRENT }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded', cookie: visitor.cookie };
    const send = (at: string) =>
      raw(service.base, '/sign-in/demo', { ...type, host: at, origin: `http://${at}` }, { method: 'POST', body });
    expect((await send(host)).status).toBe(403);
    expect((await send(host.replace('evil.example', 'localhost'))).status).toBe(303);
  });
});

describe('slow requests', () => {
  it('are given up: heads after a minute, whole requests after two', () => {
    const server = service.app.getHttpServer() as Server;
    expect(server.headersTimeout).toBe(60_000);
    expect(server.requestTimeout).toBe(120_000);
  });
});

describe('behind a proxy, by https', () => {
  let secured: Service;
  beforeAll(async () => {
    const env = { TRUST_PROXY: 'true', PUBLIC_URL: 'https://claims.example', SIGN_INS_PER_MINUTE: '5' };
    secured = await Service.start({ web: true, env });
  }, 60_000);
  afterAll(() => secured?.stop());

  /** As a proxy sends a request on: what it was told before, and the address it sees itself. */
  const through = (told: string, seen: string): Record<string, string> => ({
    'x-forwarded-for': `${told}, ${seen}`,
    'x-forwarded-proto': 'https',
  });

  it('guesses are counted by the address the proxy saw, whatever the guesser says to come from', async () => {
    const statuses: number[] = [];
    for (let tries = 0; tries < 7; tries++) {
      const headers = through(`198.51.100.${tries}`, '203.0.113.7');
      statuses.push((await fetch(`${secured.base}/invitation/${'x'.repeat(43)}`, { headers })).status);
    }
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
    const another = await fetch(`${secured.base}/invitation/x`, { headers: through('203.0.113.7', '203.0.113.8') });
    expect(another.status).toBe(404);
  });

  it('the cookie is for this host, https and no script, and browsers are told to stay with https', async () => {
    const answer = await fetch(`${secured.base}/sign-in?next=/claims`, { headers: through('', '203.0.113.9') });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-session=/);
    const flags = cookie.split('; ').slice(1);
    expect(flags.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=31536000');
    expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  });

  it('a form is taken from the published address only, not from whatever name was asked for', async () => {
    const headers = { ...through('', '203.0.113.9'), origin: 'http://127.0.0.1', 'x-forwarded-host': '127.0.0.1' };
    const sent = await fetch(`${secured.base}/sign-in/demo`, { method: 'POST', headers, body: new URLSearchParams() });
    expect(sent.status).toBe(403);
  });
});
