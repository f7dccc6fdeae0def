import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DeliveryQueries, RetryDelivery, RetryDocument, SweepDeliveries } from '#documents';
import { systemActor, type Actor } from '#platform/database';
import { DocumentStorage } from '#platform/storage';
import { administrator, DeliveryBench, LAST, NOW } from '../support/delivery-bench.js';

const bench = DeliveryBench.inSpec();

describe('rendering a document', () => {
  it('stores its files and makes its e-mails, once', async () => {
    await bench.start('smtp');
    const document = await bench.issue();
    await Promise.all([bench.render(document.id), bench.render(document.id)]);
    await bench.render(document.id);
    const row = await bench.document(document.id);
    expect(row).toMatchObject({ state: 'stored', last_error: null });
    const pdf = await bench.get(DocumentStorage).read(row['pdf_key']!);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(createHash('sha256').update(pdf).digest('hex')).toBe(row['pdf_sha256']);
    expect(pdf.length).toBe(row['pdf_size']);
    const made = await bench.deliveries(document.id);
    expect(made.map((row) => [row.audience, row.state, row.message_id])).toEqual([
      ['payer', 'queued', `<${made[0]!.id}@claims.example>`],
      ['authority', 'queued', `<${made[1]!.id}@claims.example>`],
    ]);
    expect(await bench.audits(document.id)).toEqual(['document.stored']);
  });

  it('makes no copy for an authority without a contact', async () => {
    await bench.start('smtp');
    const document = await bench.issue({ authorityEmail: null });
    await bench.render(document.id);
    expect((await bench.deliveries(document.id)).map((row) => row.audience)).toEqual(['payer']);
  });

  it('that cannot succeed fails visibly at once, and an administrator can try again', async () => {
    await bench.start('smtp');
    const document = await bench.issue({ model: { totalPence: 1 } }); // its sums are wrong
    await expect(bench.render(document.id)).rejects.toMatchObject({ name: 'PermanentFailure' });
    const failed = await bench.document(document.id);
    expect(failed).toMatchObject({ state: 'failed', attempts: 1 });
    expect(failed['last_error']).toContain('InvalidValue');
    const listed = await bench.get(DeliveryQueries).failed(administrator, {});
    expect(listed.items).toContainEqual(
      expect.objectContaining({ id: document.id, kind: 'document', number: document.number }),
    );
    const view = await bench.get(RetryDocument).run(administrator, document.id, { reason: 'mended' });
    expect(view).toEqual({ id: document.id, number: document.number, state: 'pending', attempts: 0, lastError: null });
    expect(await bench.jobs('render-document', document.id)).toBe(2);
    await expect(bench.get(RetryDocument).run(administrator, document.id, {})).rejects.toMatchObject({
      code: 'document_not_failed',
    });
    expect(await bench.audits(document.id)).toEqual(['document.failed', 'document.requeued']);
  });

  it('whose storage is away is tried again, and fails at the last try', async () => {
    await bench.start('smtp');
    const document = await bench.issue();
    await rm(join(bench.dataDir, 'storage'), { recursive: true });
    await writeFile(join(bench.dataDir, 'storage'), 'not a folder');
    await expect(bench.render(document.id)).rejects.toThrow();
    expect(await bench.document(document.id)).toMatchObject({ state: 'pending', attempts: 1 });
    await expect(bench.render(document.id, LAST)).rejects.toThrow();
    expect(await bench.document(document.id)).toMatchObject({ state: 'failed', attempts: 2 });
  });

  it('is never changed afterwards, not even by the owner of the database', async () => {
    await bench.start('smtp');
    const { id } = await bench.rendered();
    for (const change of [
      "model = '{}'",
      "number = 'X'",
      'total_pence = 1',
      "payer_email = 'thief@example.com'",
      "pdf_key = 'x'",
      "state = 'pending'",
    ]) {
      await expect(bench.admin.query(`UPDATE document SET ${change} WHERE id = $1`, [id])).rejects.toThrow(
        'never changed',
      );
    }
    await expect(bench.admin.query('DELETE FROM document WHERE id = $1', [id])).rejects.toThrow('never changed');
    await expect(bench.admin.query('TRUNCATE document CASCADE')).rejects.toThrow('never changed');
  });
});

describe('the sweep', () => {
  it('asks again for work whose job is gone, once, and gives up after too many times', async () => {
    await bench.start('smtp');
    await bench.admin.query('UPDATE outbox SET dispatched_at = now()');
    const lost = await bench.issue();
    const { payer } = await bench.rendered();
    await bench.admin.query('UPDATE outbox SET dispatched_at = now()');
    const sweep = bench.get(SweepDeliveries);
    await sweep.requeueLost();
    expect(await bench.jobs('render-document', lost.id)).toBe(2); // issued in 2018: waiting for long
    await sweep.requeueLost(NOW);
    await sweep.requeueLost(NOW);
    expect(await bench.jobs('render-document', lost.id)).toBe(2); // one waits in the outbox already
    expect(await bench.jobs('send-delivery', payer)).toBe(1);
    await bench.admin.query('UPDATE document SET attempts = 30 WHERE id = $1', [lost.id]);
    await bench.admin.query('UPDATE delivery SET attempts = 30 WHERE id = $1', [payer]);
    await sweep.requeueLost(NOW);
    expect(await bench.document(lost.id)).toMatchObject({ state: 'failed' });
    expect((await bench.delivery(payer)).state).toBe('failed');
  });
});

describe('who may see and retry', () => {
  const officer: Actor = { userId: administrator.userId, organisation: 'BRENT', scope: 'BRENT', roles: ['la_finance'] };
  it('an authority sees nothing of another and retries nothing of its own', async () => {
    await bench.start('smtp');
    const { id, payer } = await bench.rendered();
    const other = { ...officer, organisation: 'LINCS', scope: 'LINCS' };
    for (const call of [
      (actor: Actor) => bench.get(RetryDocument).run(actor, id, {}),
      (actor: Actor) => bench.get(RetryDelivery).run(actor, payer, 'retry', {}),
      (actor: Actor) => bench.get(RetryDelivery).run(actor, payer, 'resend', {}),
    ]) {
      await expect(call(other)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(call(officer)).rejects.toMatchObject({ kind: 'forbidden' });
    }
    await expect(bench.get(DeliveryQueries).list(officer, {})).rejects.toMatchObject({ kind: 'forbidden' });
    const page = await bench.get(DeliveryQueries).list(administrator, { state: 'queued', limit: '1' });
    expect(page.items).toHaveLength(1);
    expect(page.nextCursor).not.toBeNull();
    expect((await bench.get(DeliveryQueries).figures(systemActor)).documentsFailed).toBeGreaterThan(0);
  });

  it('row-level security shows nothing to a query that does not say whose', async () => {
    await bench.start('smtp');
    await bench.rendered();
    const plain = new pg.Client({ connectionString: bench.database.url, options: '-c role=claims_app' });
    await plain.connect();
    for (const table of ['document', 'delivery']) {
      expect((await plain.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
      await plain.query("SET app.authority = 'LINCS'");
      expect((await plain.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
      await plain.query("SET app.authority = 'BRENT'");
      expect((await plain.query(`SELECT FROM ${table}`)).rowCount).toBeGreaterThan(0);
      await plain.query('RESET app.authority');
    }
    await expect(plain.query("UPDATE document SET model = '{}'")).rejects.toThrow('permission denied');
    await plain.end();
  });
});
