import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule, loadConfig } from '#platform/config';
import { composeMail, MailboxTransport, mailFileName } from '#platform/mail';
import { isLocal } from '../../apps/standalone/mailbox/local-only.guard.js';
import { MailboxModule } from '../../apps/standalone/mailbox/mailbox.module.js';

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  bytes: Buffer;
  text: string;
}

const COUNT = 53;
const messageId = (n: number) => `<01890a5d-ac96-774b-bcce-${String(n).padStart(12, '0')}@claims.example>`;
const pathOf = (n: number) => `/mailbox/${mailFileName(messageId(n)).replace(/\.eml$/, '')}`;

describe('the page /mailbox', () => {
  let dataDir: string;
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'claims-mailbox-page-'));
    const transport = new MailboxTransport(join(dataDir, 'mailbox'));
    const session = await transport.open();
    for (let n = 1; n <= COUNT; n++) {
      await session.send(
        await composeMail({
          messageId: messageId(n),
          date: new Date(Date.UTC(2018, 3, 3, 9, n)),
          from: { name: 'EIP2 claims', address: 'claims@claims.example' },
          to: 'finance@resolutionsconsultancy.com',
          replyTo: null,
          subject:
            n === COUNT
              ? '<script>alert("subject")</script>'
              : `Claim invoice EIP2-BRENT-${String(n).padStart(4, '0')}`,
          text: n === COUNT ? '<img src=x onerror=alert(1)>\n</pre><script>alert(2)</script>' : `Number ${n}\nTōtal £1`,
          html: '<script>alert("html")</script>',
          attachments: [
            { fileName: `EIP2-BRENT-${n}.pdf`, mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7') },
            { fileName: 'evil".html\r\nX: 1', mediaType: 'text/html', content: Buffer.from('<script>1</script>') },
          ],
        }),
      );
    }
    await writeFile(join(dataDir, 'secret.eml'), 'Subject: secret\r\n\r\nnot in the mailbox');
    app = await NestFactory.create<NestFastifyApplication>(
      { module: class Root {}, imports: [ConfigModule.forRoot(loadConfig({ DATA_DIR: dataDir })), MailboxModule] },
      new FastifyAdapter(),
      { logger: false },
    );
    await app.listen(0, '127.0.0.1');
    port = (app.getHttpServer().address() as AddressInfo).port;
  });
  afterAll(async () => {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<Answer>((resolve, reject) => {
      const call = request(
        { host: '127.0.0.1', port, path, method, headers: { host: `localhost:${port}`, ...headers } },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.on('end', () => {
            const bytes = Buffer.concat(chunks);
            resolve({ status: reply.statusCode ?? 0, headers: reply.headers, bytes, text: bytes.toString() });
          });
        },
      );
      call.on('error', reject);
      call.end();
    });

  it('lists e-mail newest first, a page at a time, with its subject', async () => {
    const first = await get('/mailbox');
    expect(first.status).toBe(200);
    const subjects = [...first.text.matchAll(/EIP2-BRENT-(\d{4})/g)].map((match) => Number(match[1]));
    expect(subjects).toEqual(Array.from({ length: 49 }, (_, index) => COUNT - 1 - index));
    expect(first.text).toContain('53 e-mails, newest first, page 1 of 2');
    expect(first.text).toContain('href="/mailbox?page=2"');
    const second = await get('/mailbox?page=2');
    expect([...second.text.matchAll(/<li>/g)]).toHaveLength(3);
    expect(second.text).not.toContain('page=3');
    for (const page of ['0', '3', '-1', 'x', '1e3', '9999999'])
      expect((await get(`/mailbox?page=${page}`)).status).toBe(404);
  });

  it('shows one message as text and gives its attachments to keep, never to run', async () => {
    const { status, text } = await get(pathOf(7));
    expect(status).toBe(200);
    expect(text).toContain('Tōtal £1');
    const pdf = await get(`${pathOf(7)}/attachments/0`);
    expect(pdf.bytes.toString()).toBe('%PDF-1.7');
    expect(pdf.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="EIP2-BRENT-7.pdf"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const page = await get(`${pathOf(7)}/attachments/1`);
    expect(page.headers['content-type']).toContain('application/octet-stream');
    expect(page.headers['content-disposition']).toMatch(/^attachment; filename="[A-Za-z0-9._-]+"$/);
    expect((await get(`${pathOf(7)}/attachments/2`)).status).toBe(404);
  });

  it('runs nothing that a message brings', async () => {
    for (const path of ['/mailbox', pathOf(COUNT)]) {
      const { text, headers } = await get(path);
      expect(text).not.toMatch(/<script|<img|<\/pre><s/i);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(headers['x-frame-options']).toBe('DENY');
    }
    expect((await get(pathOf(COUNT))).text).toContain('&lt;script&gt;alert(&quot;subject&quot;)&lt;/script&gt;');
  });

  it('opens nothing else', async () => {
    for (const path of [
      '/mailbox/..%2fsecret',
      '/mailbox/../secret',
      '/mailbox/%2e%2e%2fsecret',
      '/mailbox/nothing',
      '/mailbox/a%00b',
    ]) {
      const { status, text } = await get(path);
      expect([400, 404]).toContain(status);
      expect(text).not.toContain('not in the mailbox');
    }
  });

  it('is for this machine only, and for looking only', async () => {
    const strangers: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: `localhost.evil.example:${port}` },
      { host: '127.0.0.1.evil.example' },
      { 'x-forwarded-for': '203.0.113.9' },
      { forwarded: 'for=203.0.113.9' },
    ];
    for (const headers of strangers) {
      for (const path of ['/mailbox', pathOf(7), `${pathOf(7)}/attachments/0`]) {
        const { status, text } = await get(path, headers);
        expect(status).toBe(404);
        expect(text).not.toContain('EIP2-BRENT');
      }
    }
    for (const host of ['127.0.0.1', `[::1]:${port}`, 'LOCALHOST'])
      expect((await get('/mailbox', { host })).status).toBe(200);
    for (const method of ['POST', 'DELETE', 'PUT']) expect((await get(pathOf(7), {}, method)).status).toBe(404);
    const from = (remoteAddress: string) => isLocal({ headers: { host: 'localhost:3000' }, socket: { remoteAddress } });
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(from)).toEqual([true, true, true]);
    expect(['192.0.2.1', '::ffff:192.0.2.1', '10.127.0.0.1', ''].map(from)).toEqual([false, false, false, false]);
  });
});
