import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { simpleParser } from 'mailparser';
import pg from 'pg';
import {
  DeliveryQueries,
  DeliveryWorkModule,
  RenderDocument,
  RetryDelivery,
  RetryDocument,
  SendDelivery,
  SweepDeliveries,
} from '#claims';
import { systemActor, type Actor } from '#platform/database';
import { MailModule } from '#platform/mail';
import { DocumentStorage } from '#platform/storage';
import { arrangeProgramme, issueTestDocument } from '../builders/issued-document.js';
import { MailServer } from '../support/mail-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startContext } from '../support/worker.js';

const FIRST = { number: 1, last: false };
const LAST = { number: 10, last: true };
const NOW = { sendingMs: -1, documentMs: -1, deliveryMs: -1 };
const administrator: Actor = {
  userId: '00000000-0000-7000-8000-0000000000bb',
  organisation: 'MTM',
  scope: '*',
  roles: ['administrator'],
};

let database: TestDatabase;
let admin: pg.Client;
let dataDir: string;
let app: INestApplicationContext;
let server: MailServer;
let seq = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await arrangeProgramme(admin);
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'claims-delivery-'));
  server = await MailServer.start();
});
afterEach(async () => {
  await app.close();
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function start(transport: 'smtp' | 'mailbox'): Promise<void> {
  app = await startContext(
    {
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      MAIL_FROM: 'claims@claims.example',
      ...(transport === 'smtp' ? { SMTP_URL: server.url } : {}),
    },
    [DeliveryWorkModule, MailModule],
  );
}

const issue = (options: Parameters<typeof issueTestDocument>[2] = {}) => issueTestDocument(admin, ++seq, options);
const render = (id: string, attempt = FIRST) => app.get(RenderDocument).run(id, attempt);
const send = (id: string, attempt = FIRST) => app.get(SendDelivery).run(id, attempt);
const one = async <Row>(sql: string, id: string) => (await admin.query(sql, [id])).rows[0] as Row;
const documentRow = (id: string) => one<Record<string, never>>('SELECT * FROM claim_document WHERE id = $1', id);
const deliveries = async (id: string) =>
  (await admin.query('SELECT * FROM delivery WHERE document_id = $1 ORDER BY audience DESC', [id])).rows as {
    id: string;
    audience: string;
    state: string;
    message_id: string;
    last_error: string | null;
    attempts: number;
  }[];
const audits = async (subject: string) =>
  (await admin.query('SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY seq', [subject])).rows.map(
    (row: { action: string }) => row.action,
  );
const jobs = async (job: string, id: string) =>
  (await admin.query('SELECT id FROM outbox WHERE job = $1 AND payload::text LIKE $2', [job, `%${id}%`])).rowCount;

/** A rendered document and its delivery to the payer, ready to be sent. */
async function rendered(): Promise<{ id: string; number: string; payer: string }> {
  const document = await issue();
  await render(document.id);
  const [payer] = await deliveries(document.id);
  return { ...document, payer: payer!.id };
}
const state = async (delivery: string) =>
  one<{ state: string; last_error: string }>('SELECT * FROM delivery WHERE id = $1', delivery);

describe('rendering a document', () => {
  it('stores its files, makes its e-mails and asks for them, once', async () => {
    await start('smtp');
    const document = await issue();
    await Promise.all([render(document.id), render(document.id)]);
    await render(document.id);
    const row = await documentRow(document.id);
    expect(row).toMatchObject({ state: 'stored', last_error: null });
    const pdf = await app.get(DocumentStorage).read(row['pdf_key']!);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(createHash('sha256').update(pdf).digest('hex')).toBe(row['pdf_sha256']);
    expect(pdf.length).toBe(row['pdf_size']);
    const made = await deliveries(document.id);
    expect(made.map((row) => [row.audience, row.state, row.message_id])).toEqual([
      ['payer', 'queued', `<${made[0]!.id}@claims.example>`],
      ['authority', 'queued', `<${made[1]!.id}@claims.example>`],
    ]);
    for (const { id } of made) expect(await jobs('send-delivery', id)).toBe(1);
    expect(await audits(document.id)).toEqual(['document.stored']);
  });

  it('makes no copy for an authority without a contact', async () => {
    await start('smtp');
    const document = await issue({ authorityEmail: null });
    await render(document.id);
    expect((await deliveries(document.id)).map((row) => row.audience)).toEqual(['payer']);
  });

  it('that cannot succeed fails visibly at once, and an administrator can try again', async () => {
    await start('smtp');
    const document = await issue({ model: { totalPence: 1 } }); // its sums are wrong
    await expect(render(document.id)).rejects.toMatchObject({ name: 'PermanentFailure' });
    const failed = await documentRow(document.id);
    expect(failed).toMatchObject({ state: 'failed', attempts: 1 });
    expect(failed['last_error']).toContain('InvalidValue');
    const listed = await app.get(DeliveryQueries).failed(administrator, {});
    expect(listed.items).toContainEqual(
      expect.objectContaining({ id: document.id, kind: 'document', number: document.number }),
    );
    const view = await app.get(RetryDocument).run(administrator, document.id, { reason: 'mended' });
    expect(view).toEqual({ id: document.id, number: document.number, state: 'pending', attempts: 0, lastError: null });
    expect(await jobs('render-document', document.id)).toBe(2);
    await expect(app.get(RetryDocument).run(administrator, document.id, {})).rejects.toMatchObject({
      code: 'document_not_failed',
    });
    expect(await audits(document.id)).toEqual(['document.failed', 'document.requeued']);
  });

  it('whose storage is away is tried again, and fails at the last try', async () => {
    await start('smtp');
    const document = await issue();
    await rm(join(dataDir, 'storage'), { recursive: true });
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(dataDir, 'storage'), 'not a folder');
    await expect(render(document.id)).rejects.toThrow();
    expect(await documentRow(document.id)).toMatchObject({ state: 'pending', attempts: 1 });
    await expect(render(document.id, LAST)).rejects.toThrow();
    expect(await documentRow(document.id)).toMatchObject({ state: 'failed', attempts: 2 });
  });

  it('is never changed afterwards, not even by the owner of the database', async () => {
    await start('smtp');
    const { id } = await rendered();
    for (const change of [
      "model = '{}'",
      "number = 'X'",
      'total_pence = 1',
      "payer_email = 'thief@example.com'",
      "pdf_key = 'x'",
      "state = 'pending'",
    ]) {
      await expect(admin.query(`UPDATE claim_document SET ${change} WHERE id = $1`, [id])).rejects.toThrow(
        'never changed',
      );
    }
    await expect(admin.query('DELETE FROM claim_document WHERE id = $1', [id])).rejects.toThrow('never changed');
    await expect(admin.query('TRUNCATE claim_document CASCADE')).rejects.toThrow('never changed');
  });
});

describe('sending by SMTP', () => {
  it('says what it is, to the payer and in a copy to the authority', async () => {
    await start('smtp');
    const document = await rendered();
    for (const { id } of await deliveries(document.id)) await send(id);
    const [payer, copy] = server.received;
    expect(payer).toMatchObject({ to: ['finance@resolutionsconsultancy.com'], from: 'claims@claims.example' });
    expect(payer!.mail.subject).toBe(`Claim invoice ${document.number}: £1,078.20 from London Borough of Brent`);
    expect(payer!.mail.replyTo?.text).toBe('finance@brent.example');
    for (const body of [payer!.mail.text!, payer!.mail.html as string]) {
      for (const fact of [document.number, '£1,078.20', 'London Borough of Brent', '2 June 2018'])
        expect(body).toContain(fact);
    }
    const row = await documentRow(document.id);
    expect(payer!.mail.attachments.map((file) => file.filename)).toEqual([`${document.number}.pdf`]);
    expect(createHash('sha256').update(payer!.mail.attachments[0]!.content).digest('hex')).toBe(row['pdf_sha256']);
    expect(copy!.to).toEqual(['finance@brent.example']);
    expect(copy!.mail.subject).toBe(`Copy of Claim invoice ${document.number}: £1,078.20 from London Borough of Brent`);
    expect((await deliveries(document.id)).map((row) => row.state)).toEqual(['sent', 'sent']);
    expect(await audits(document.payer)).toEqual(['delivery.sent']);
    await send(document.payer); // a repeated job
    expect(server.received).toHaveLength(2);
  });

  it('escapes what people wrote', async () => {
    await start('smtp');
    const document = await issue({
      model: {
        references: {
          authorityReference: '<script>alert(1)</script>&"',
          purchaseOrder: 'a\r\nBcc: x@y.example',
          claimId: 'c',
        },
      },
      authorityEmail: null,
    });
    await render(document.id);
    await send((await deliveries(document.id))[0]!.id);
    const [{ mail, to }] = server.received as [(typeof server.received)[0]];
    expect(mail.html).not.toContain('<script>');
    expect(mail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;');
    expect(mail.bcc).toBeUndefined();
    expect(to).toEqual(['finance@resolutionsconsultancy.com']);
  });

  it.each([
    ['greylist', 'queued', 'sent'],
    ['busy-after-data', 'queued', 'sent'],
    ['cut-before-data', 'queued', 'sent'],
  ] as const)(
    'when the server does %s it is queued again, and sent by the next try',
    async (behaviour, after, then) => {
      await start('smtp');
      const { payer } = await rendered();
      server.behaviours.push(behaviour);
      await expect(send(payer)).rejects.toMatchObject({ name: 'MailFailure' });
      expect((await state(payer)).state).toBe(after);
      await send(payer);
      expect((await state(payer)).state).toBe(then);
      expect(server.received).toHaveLength(1);
    },
  );

  it('fails visibly when the last try fails, and an administrator can try again', async () => {
    await start('smtp');
    const { payer } = await rendered();
    server.behaviours.push('greylist');
    await expect(send(payer, LAST)).rejects.toThrow();
    const failed = await state(payer);
    expect(failed.state).toBe('failed');
    expect(failed.last_error).toContain('451');
    expect(failed.last_error).not.toContain('@');
    await expect(app.get(RetryDelivery).run(administrator, payer, 'resend', {})).rejects.toMatchObject({
      code: 'delivery_not_unconfirmed',
    });
    expect(await app.get(RetryDelivery).run(administrator, payer, 'retry', {})).toMatchObject({
      id: payer,
      state: 'queued',
    });
    await send(payer);
    expect((await state(payer)).state).toBe('sent');
    expect(await audits(payer)).toEqual(['delivery.failed', 'delivery.requeued', 'delivery.sent']);
  });

  it('fails at once when the server refuses for good', async () => {
    await start('smtp');
    const { payer } = await rendered();
    server.behaviours.push('unknown-recipient');
    await expect(send(payer)).rejects.toMatchObject({ name: 'PermanentFailure' });
    expect((await state(payer)).state).toBe('failed');
  });

  it('a server that is away leaves no doubt behind: the e-mail stays queued', async () => {
    await start('smtp');
    const { payer } = await rendered();
    await server.close();
    await expect(send(payer)).rejects.toMatchObject({ outcome: 'retry' });
    expect((await deliveries((await documentOf(payer)).document_id))[0]).toMatchObject({
      state: 'queued',
      attempts: 1,
    });
    server = await MailServer.start();
  });

  it('is unconfirmed when no answer came; never sent again by itself, but by an administrator under the same Message-ID', async () => {
    await start('smtp');
    const { payer } = await rendered();
    server.behaviours.push('take-and-cut');
    await send(payer);
    expect((await state(payer)).state).toBe('unconfirmed');
    await send(payer);
    await app.get(SweepDeliveries).settleInterrupted(NOW);
    await app.get(SweepDeliveries).requeueLost(NOW);
    await send(payer);
    expect(server.received).toHaveLength(1);
    await expect(app.get(RetryDelivery).run(administrator, payer, 'retry', {})).rejects.toMatchObject({
      code: 'delivery_not_failed',
    });
    await app.get(RetryDelivery).run(administrator, payer, 'resend', { reason: 'MTM has not got it' });
    await send(payer);
    expect((await state(payer)).state).toBe('sent');
    expect(server.received).toHaveLength(2);
    expect(server.distinct).toHaveLength(1);
  });

  it('found half sent is left alone, and becomes unconfirmed in time', async () => {
    await start('smtp');
    const { payer } = await rendered();
    await admin.query("UPDATE delivery SET state = 'sending', sending_at = now(), touched_at = now() WHERE id = $1", [
      payer,
    ]);
    await send(payer);
    expect((await state(payer)).state).toBe('sending');
    await app.get(SweepDeliveries).settleInterrupted();
    expect((await state(payer)).state).toBe('sending');
    await app.get(SweepDeliveries).settleInterrupted(NOW);
    expect((await state(payer)).state).toBe('unconfirmed');
    expect(server.received).toHaveLength(0);
    expect(await audits(payer)).toEqual(['delivery.unconfirmed']);
  });
});

const documentOf = (delivery: string) =>
  one<{ document_id: string }>('SELECT document_id FROM delivery WHERE id = $1', delivery);

describe('the local mailbox', () => {
  it('is sent to again after an interruption, and holds the message once', async () => {
    await start('mailbox');
    const { payer, number } = await rendered();
    await send(payer);
    await admin.query("UPDATE delivery SET state = 'sending', sent_at = NULL WHERE id = $1", [payer]); // as if killed before recording
    await send(payer);
    expect((await state(payer)).state).toBe('sent');
    const files = (await readdir(join(dataDir, 'mailbox'))).filter((name) => name.endsWith('.eml'));
    expect(files).toHaveLength(1);
    const mail = await simpleParser(await readFile(join(dataDir, 'mailbox', files[0]!)));
    expect(mail.subject).toContain(number);
  });

  it('has interrupted sendings asked for again by the sweep', async () => {
    await start('mailbox');
    const { payer } = await rendered();
    await admin.query("UPDATE delivery SET state = 'sending', sending_at = now(), touched_at = now() WHERE id = $1", [
      payer,
    ]);
    await admin.query('UPDATE outbox SET dispatched_at = now() WHERE dispatched_at IS NULL');
    await app.get(SweepDeliveries).settleInterrupted(NOW);
    expect(await jobs('send-delivery', payer)).toBe(2);
    await send(payer);
    expect((await state(payer)).state).toBe('sent');
  });
});

describe('the sweep', () => {
  it('asks again for work whose job is gone, once, and gives up after too many times', async () => {
    await start('smtp');
    await admin.query('UPDATE outbox SET dispatched_at = now()');
    const lost = await issue();
    const { payer } = await rendered();
    await admin.query('UPDATE outbox SET dispatched_at = now()');
    const sweep = app.get(SweepDeliveries);
    await sweep.requeueLost();
    expect(await jobs('render-document', lost.id)).toBe(2); // issued in 2018: waiting for long
    await sweep.requeueLost(NOW);
    await sweep.requeueLost(NOW);
    expect(await jobs('render-document', lost.id)).toBe(2); // one waits in the outbox already
    expect(await jobs('send-delivery', payer)).toBe(2);
    await admin.query('UPDATE claim_document SET attempts = 30 WHERE id = $1', [lost.id]);
    await admin.query('UPDATE delivery SET attempts = 30 WHERE id = $1', [payer]);
    await sweep.requeueLost(NOW);
    expect(await documentRow(lost.id)).toMatchObject({ state: 'failed' });
    expect((await state(payer)).state).toBe('failed');
  });
});

describe('who may see and retry', () => {
  const officer: Actor = { userId: administrator.userId, organisation: 'BRENT', scope: 'BRENT', roles: ['la_finance'] };
  it('an authority sees nothing of another and retries nothing of its own', async () => {
    await start('smtp');
    const { id, payer } = await rendered();
    const other = { ...officer, organisation: 'LINCS', scope: 'LINCS' };
    for (const call of [
      (actor: Actor) => app.get(RetryDocument).run(actor, id, {}),
      (actor: Actor) => app.get(RetryDelivery).run(actor, payer, 'retry', {}),
      (actor: Actor) => app.get(RetryDelivery).run(actor, payer, 'resend', {}),
    ]) {
      await expect(call(other)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(call(officer)).rejects.toMatchObject({ kind: 'forbidden' });
    }
    await expect(app.get(DeliveryQueries).list(officer, {})).rejects.toMatchObject({ kind: 'forbidden' });
    const page = await app.get(DeliveryQueries).list(administrator, { state: 'queued', limit: '1' });
    expect(page.items).toHaveLength(1);
    expect(page.nextCursor).not.toBeNull();
    expect((await app.get(DeliveryQueries).figures(systemActor)).documentsFailed).toBeGreaterThan(0);
  });

  it('row-level security shows nothing to a query that does not say whose', async () => {
    await start('smtp');
    await rendered();
    const plain = new pg.Client({ connectionString: database.url, options: '-c role=claims_app' });
    await plain.connect();
    for (const table of ['claim_document', 'delivery']) {
      expect((await plain.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
      await plain.query("SET app.authority = 'LINCS'");
      expect((await plain.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
      await plain.query("SET app.authority = 'BRENT'");
      expect((await plain.query(`SELECT FROM ${table}`)).rowCount).toBeGreaterThan(0);
      await plain.query('RESET app.authority');
    }
    await expect(plain.query("UPDATE claim_document SET model = '{}'")).rejects.toThrow('permission denied');
    await plain.end();
  });
});
