import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { systemActor, UnitOfWork } from '#platform/database';
import { DeliveryQueries, Notices, RetryDelivery, SendDelivery, SweepDeliveries, type Notice } from '#documents';
import { administrator, DeliveryBench, FIRST, LAST, NOW } from '../support/delivery-bench.js';
import { MailServer } from '../support/mail-server.js';

const bench = DeliveryBench.inSpec();

describe('sending by SMTP', () => {
  it('says what it is, to the payer and in a copy to the authority', async () => {
    await bench.start('smtp');
    const document = await bench.rendered();
    for (const { id } of await bench.deliveries(document.id)) await bench.send(id);
    const [payer, copy] = bench.server.received;
    expect(payer).toMatchObject({ to: ['finance@resolutionsconsultancy.com'], from: 'claims@claims.example' });
    expect(payer!.mail.subject).toBe(`Claim invoice ${document.number}: £1,078.20 from London Borough of Brent`);
    expect(payer!.mail.replyTo?.text).toBe('finance@brent.example');
    for (const body of [payer!.mail.text!, payer!.mail.html as string]) {
      for (const fact of [document.number, '£1,078.20', 'London Borough of Brent', '2 June 2018'])
        expect(body).toContain(fact);
    }
    const row = await bench.document(document.id);
    expect(payer!.mail.attachments.map((file) => file.filename)).toEqual([`${document.number}.pdf`]);
    expect(createHash('sha256').update(payer!.mail.attachments[0]!.content).digest('hex')).toBe(row['pdf_sha256']);
    expect(copy!.to).toEqual(['finance@brent.example']);
    expect(copy!.mail.subject).toBe(`Copy of claim invoice ${document.number}: £1,078.20 from London Borough of Brent`);
    expect((await bench.deliveries(document.id)).map((row) => row.state)).toEqual(['sent', 'sent']);
    expect(await bench.audits(document.payer)).toEqual(['delivery.sent']);
    await bench.send(document.payer); // a repeated job
    expect(bench.server.received).toHaveLength(2);
  });

  it('escapes what people wrote', async () => {
    await bench.start('smtp');
    const document = await bench.issue({
      model: {
        references: {
          authorityReference: '<script>alert(1)</script>&"',
          purchaseOrder: 'a\r\nBcc: x@y.example',
          claimId: 'c',
        },
      },
      authorityEmail: null,
    });
    await bench.render(document.id);
    await bench.send((await bench.deliveries(document.id))[0]!.id);
    const [{ mail, to }] = bench.server.received as [(typeof bench.server.received)[0]];
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
      await bench.start('smtp');
      const { payer } = await bench.rendered();
      bench.server.behaviours.push(behaviour);
      await expect(bench.send(payer)).rejects.toMatchObject({ name: 'MailFailure' });
      expect((await bench.delivery(payer)).state).toBe(after);
      await bench.send(payer);
      expect((await bench.delivery(payer)).state).toBe(then);
      expect(bench.server.received).toHaveLength(1);
    },
  );

  it('fails visibly when the last try fails, and an administrator can try again', async () => {
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    bench.server.behaviours.push('greylist');
    await expect(bench.send(payer, LAST)).rejects.toThrow();
    const failed = await bench.delivery(payer);
    expect(failed.state).toBe('failed');
    expect(failed.last_error).toContain('451');
    expect(failed.last_error).not.toContain('@');
    await expect(bench.get(RetryDelivery).run(administrator, payer, 'resend', {})).rejects.toMatchObject({
      code: 'delivery_not_unconfirmed',
    });
    expect(await bench.get(RetryDelivery).run(administrator, payer, 'retry', {})).toMatchObject({
      id: payer,
      state: 'queued',
    });
    await bench.send(payer);
    expect((await bench.delivery(payer)).state).toBe('sent');
    expect(await bench.audits(payer)).toEqual(['delivery.failed', 'delivery.requeued', 'delivery.sent']);
  });

  it('sends both e-mails over one connection, each whatever becomes of the other; what stays queued has a job of its own', async () => {
    await bench.start('smtp');
    const document = await bench.rendered();
    const made = await bench.deliveries(document.id);
    const ids = made.map((row) => row.id);
    const states = async () => (await bench.deliveries(document.id)).map((row) => row.state);
    bench.server.behaviours.push('greylist');
    await bench.get(SendDelivery).runFirst(document.id, null);
    expect(await states()).toEqual(['queued', 'sent']);
    const sql = "SELECT payload FROM outbox WHERE job = 'send-delivery' ORDER BY id DESC LIMIT 1";
    expect((await bench.admin.query(sql)).rows[0]).toEqual({ payload: { deliveryIds: ids } });
    await bench.get(SendDelivery).run(ids, FIRST);
    expect(await states()).toEqual(['sent', 'sent']);
    await bench.get(SendDelivery).runFirst(document.id, null); // the job again: nothing waits
    expect(await bench.jobs('send-delivery', ids[0]!)).toBe(1);
    expect(bench.server.received.map((one) => one.mail.messageId)).toEqual(
      made.map((row) => row.message_id).toReversed(),
    );
    expect(bench.server.connections).toBe(1);
  });

  it('tries again what may still be sent beside what never will be, and gives up each that waits', async () => {
    await bench.start('smtp');
    const document = await bench.rendered();
    const ids = (await bench.deliveries(document.id)).map((row) => row.id);
    bench.server.behaviours.push('unknown-recipient', 'greylist');
    await expect(bench.get(SendDelivery).run(ids, FIRST)).rejects.toMatchObject({ outcome: 'retry' });
    expect((await bench.deliveries(document.id)).map((row) => row.state)).toEqual(['failed', 'queued']);
    await bench.get(SendDelivery).gaveUp(ids, 'no tries left');
    expect((await bench.deliveries(document.id)).map((row) => [row.state, row.attempts])).toEqual([
      ['failed', 1],
      ['failed', 2],
    ]);
  });

  it('fails at once when the server refuses for good', async () => {
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    bench.server.behaviours.push('unknown-recipient');
    await expect(bench.send(payer)).rejects.toMatchObject({ name: 'PermanentFailure' });
    expect((await bench.delivery(payer)).state).toBe('failed');
  });

  it('a server that is away leaves no doubt behind: the e-mail stays queued', async () => {
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    await bench.server.close();
    await expect(bench.send(payer)).rejects.toMatchObject({ outcome: 'retry' });
    expect(await bench.delivery(payer)).toMatchObject({
      state: 'queued',
      attempts: 1,
    });
    bench.server = await MailServer.start();
  });

  it('is unconfirmed when no answer came; never sent again by itself, but by an administrator under the same Message-ID', async () => {
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    bench.server.behaviours.push('take-and-cut');
    await bench.send(payer);
    expect((await bench.delivery(payer)).state).toBe('unconfirmed');
    await bench.send(payer);
    await bench.get(SweepDeliveries).settleInterrupted(NOW);
    await bench.get(SweepDeliveries).requeueLost(NOW);
    await bench.send(payer);
    expect(bench.server.received).toHaveLength(1);
    await expect(bench.get(RetryDelivery).run(administrator, payer, 'retry', {})).rejects.toMatchObject({
      code: 'delivery_not_failed',
    });
    await bench.get(RetryDelivery).run(administrator, payer, 'resend', { reason: 'MTM has not got it' });
    await bench.send(payer);
    expect((await bench.delivery(payer)).state).toBe('sent');
    expect(bench.server.received).toHaveLength(2);
    expect(bench.server.distinct).toHaveLength(1);
  });

  it('found half sent is left alone, and becomes unconfirmed in time', async () => {
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    await bench.admin.query(
      "UPDATE delivery SET state = 'sending', sending_at = now(), touched_at = now() WHERE id = $1",
      [payer],
    );
    await bench.send(payer);
    expect((await bench.delivery(payer)).state).toBe('sending');
    await bench.get(SweepDeliveries).settleInterrupted();
    expect((await bench.delivery(payer)).state).toBe('sending');
    await bench.get(SweepDeliveries).settleInterrupted(NOW);
    expect((await bench.delivery(payer)).state).toBe('unconfirmed');
    expect(bench.server.received).toHaveLength(0);
    expect(await bench.audits(payer)).toEqual(['delivery.unconfirmed']);
  });
});

describe('a notice, an e-mail without a document', () => {
  const notice = (key: string): Notice => ({
    key,
    owner: 'BRENT',
    audience: 'authority',
    to: 'finance@brent.example',
    letter: {
      subject: 'Your bank details were changed',
      heading: 'Bank details <changed>',
      paragraphs: ['If that was not you, call us.'],
      facts: [['Account ends in', '1234']],
      closing: 'You need do nothing else.',
      sender: 'EIP2 claims',
      replyTo: null,
    },
  });

  it('goes out once for what it is about, with its words and nothing attached', async () => {
    await bench.start('smtp');
    const uow = bench.get(UnitOfWork);
    const send = (...keys: string[]) => uow.run(systemActor, (tx) => bench.get(Notices).send(tx, keys.map(notice)));
    expect([await send('a', 'b'), await send('b', 'c'), await send()]).toEqual([2, 1, 0]);
    const rows = (await bench.admin.query('SELECT id FROM delivery WHERE notice_key IS NOT NULL ORDER BY notice_key'))
      .rows;
    const ids = rows.map((row: { id: string }) => row.id);
    for (const id of ids) expect(await bench.jobs('send-delivery', id)).toBe(1);
    await bench.send(ids[0]!);
    await bench.send(ids[0]!);
    const [{ mail, to }] = bench.server.received as [(typeof bench.server.received)[0]];
    expect(bench.server.received).toHaveLength(1);
    expect([mail.subject, to, mail.attachments]).toEqual([
      'Your bank details were changed',
      ['finance@brent.example'],
      [],
    ]);
    expect(mail.text).toContain('Account ends in: 1234');
    expect(mail.html).toContain('Bank details &lt;changed&gt;');
    expect((await bench.delivery(ids[0]!)).state).toBe('sent');
    expect(await bench.audits(ids[0]!)).toEqual(['delivery.sent']);
    const listed = await bench.get(DeliveryQueries).list(administrator, { limit: '3' });
    expect(listed.items).toContainEqual(
      expect.objectContaining({ id: ids[0], documentId: null, number: null, notice: 'Your bank details were changed' }),
    );
  });
});

describe('an e-mail whose document is gone', () => {
  it('is not sent, and says what is to be done first', async () => {
    await bench.start('mailbox');
    const { payer } = await bench.rendered();
    // The database lets nobody do this: as after a repair by hand, or a restore of only a part.
    await bench.admin.query(`SET session_replication_role = replica`);
    await bench.admin.query(
      `UPDATE document SET state = 'failed', last_error = 'gone', stored_at = NULL, pdf_key = NULL, pdf_sha256 = NULL, pdf_size = NULL,
         xml_key = NULL, xml_sha256 = NULL, xml_size = NULL WHERE id = (SELECT document_id FROM delivery WHERE id = $1)`,
      [payer],
    );
    await bench.admin.query(`RESET session_replication_role`);
    await expect(bench.send(payer)).rejects.toThrow('Its document is not there: have that made again first');
    const { state, last_error: reason } = await bench.delivery(payer);
    expect([state, reason]).toEqual(['queued', expect.stringContaining('Its document is not there')]);
  });
});

describe('the local mailbox', () => {
  it('is sent to again after an interruption, and holds the message once', async () => {
    await bench.start('mailbox');
    const { payer, number } = await bench.rendered();
    await bench.send(payer);
    await bench.admin.query("UPDATE delivery SET state = 'sending', sent_at = NULL WHERE id = $1", [payer]); // as if killed before recording
    await bench.send(payer);
    expect((await bench.delivery(payer)).state).toBe('sent');
    const files = (await readdir(join(bench.dataDir, 'mailbox'))).filter((name) => name.endsWith('.eml'));
    expect(files).toHaveLength(1);
    const mail = await simpleParser(await readFile(join(bench.dataDir, 'mailbox', files[0]!)));
    expect(mail.subject).toContain(number);
  });

  it('has interrupted sendings asked for again by the sweep', async () => {
    await bench.start('mailbox');
    const { payer } = await bench.rendered();
    await bench.admin.query(
      "UPDATE delivery SET state = 'sending', sending_at = now(), touched_at = now() WHERE id = $1",
      [payer],
    );
    await bench.admin.query('UPDATE outbox SET dispatched_at = now() WHERE dispatched_at IS NULL');
    await bench.get(SweepDeliveries).settleInterrupted(NOW);
    expect(await bench.jobs('send-delivery', payer)).toBe(1);
    await bench.send(payer);
    expect((await bench.delivery(payer)).state).toBe('sent');
  });
});
