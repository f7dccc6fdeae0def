import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { brokenInvariants } from '../support/invariants.js';
import { needing } from '../support/programs.js';
import { Service } from '../support/service.js';
import { Adjustments, type Run } from './adjustments-support.js';
import { finance, manager, MTM, refusal } from './claims-support.js';

let service: Service;
let adjustments: Adjustments;
const folder = mkdtempSync(join(tmpdir(), 'remittance-'));
beforeAll(async () => {
  service = await Service.start({ modules: [WorkerModule] });
  adjustments = new Adjustments(service);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service?.stop();
});
afterEach(async () => {
  expect(await brokenInvariants(service.admin)).toEqual({});
});

const at = (payment: { id: string }): string => `/payments/${payment.id}/remittance`;

/** Asks until the worker has made it. */
async function pdf(who: string, payment: { id: string }): Promise<{ bytes: Buffer; name: string | null }> {
  const token = await service.token(who);
  for (;;) {
    const answer = await fetch(`${service.base}/api/v1${at(payment)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (answer.status !== 409) {
      expect(answer.status).toBe(200);
      return { bytes: Buffer.from(await answer.arrayBuffer()), name: answer.headers.get('content-disposition') };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function settled(authority: string, ...amounts: number[]): Promise<Run> {
  const run = await adjustments.paidRun(await adjustments.funded(authority, ...amounts));
  await adjustments.bankPaid(run);
  return (await service.get<Run>(MTM.auditor, `/payment-runs/${run.id}`)).body;
}

async function delivered(number: string): Promise<unknown[]> {
  for (;;) {
    const { rows } = await service.admin.query<{ state: string }>(
      `SELECT y.audience, y.to_address, y.state FROM delivery y JOIN document d ON d.id = y.document_id WHERE d.number = $1`,
      [number],
    );
    if (rows.length > 0 && rows.every(({ state }) => state !== 'queued' && state !== 'sending')) return rows;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a remittance advice', () => {
  it('is issued and e-mailed to the authority when its payment is settled, and not before', async () => {
    const run = await adjustments.paidRun(await adjustments.funded('BRENT', 1_000));
    expect(refusal(await service.get(finance('BRENT'), at(run.payments[0]!)))).toEqual([404, 'not_found']);
    await adjustments.bankPaid(run);
    const { body } = await service.get<Run>(MTM.auditor, `/payment-runs/${run.id}`);
    expect(body.payments[0]!.remittanceNumber).toBe('EIP2-BRENT-RA-0001');
    expect(await delivered('EIP2-BRENT-RA-0001')).toEqual([
      { audience: 'authority', to_address: 'finance@brent.example', state: 'sent' },
    ]);
    const { rows } = await service.admin.query<{ id: string }>(
      `SELECT model #>> '{payment,id}' AS id FROM document WHERE number = 'EIP2-BRENT-RA-0001'`,
    );
    expect(rows).toEqual([{ id: run.payments[0]!.id }]);
    const made = await pdf(manager('BRENT'), run.payments[0]!);
    expect(made.name).toBe('inline; filename="EIP2-BRENT-RA-0001.pdf"');
    expect(made.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    for (const who of [MTM.finance, MTM.auditor]) expect(await pdf(who, run.payments[0]!)).toEqual(made);
    expect((await service.get(finance('BRISTOL'), at(run.payments[0]!))).status).toBe(404);
    expect((await service.get(finance('BRENT'), at({ id: 'x' }))).status).toBe(404);
  });

  it('is one of a payment for ever: bounced and paid again, the other payment has the next number', async () => {
    const run = await settled('BRISTOL', 700);
    await adjustments.bankReturned(run.payments[0]!);
    const claim = { id: run.payments[0]!.claimIds[0]! } as never;
    const again = await adjustments.paidRun([claim]);
    await adjustments.bankPaid(again);
    const numbers = async (id: string) =>
      (await service.get<Run>(MTM.auditor, `/payment-runs/${id}`)).body.payments.map((one) => one.remittanceNumber);
    expect(await numbers(run.id)).toEqual(['EIP2-BRISTOL-RA-0001']);
    expect(await numbers(again.id)).toEqual(['EIP2-BRISTOL-RA-0002']);
  });

  needing(
    'pdftotext',
    'pdfinfo',
    'pdffonts',
    'qpdf',
  )('by qpdf and poppler', () => {
    const written = (bytes: Buffer, name: string): string => {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      return file;
    };
    const text = (bytes: Buffer, name: string): string =>
      execFileSync('pdftotext', ['-layout', written(bytes, name), '-'])
        .toString()
        .replace(/ +/g, ' ');

    it('is sound, tagged and PDF/A-3, every font embedded; it says what was paid and what was set off', async () => {
      const paid = await adjustments.funded('LINCS', 5_000, 3_000);
      await adjustments.bankPaid(await adjustments.paidRun(paid));
      const first = await adjustments.takenBack(paid[0]!, 1_200);
      const second = await adjustments.takenBack(paid[1]!, 2_500);
      const due = await adjustments.funded('LINCS', 3_000, 1_500);
      const run = await adjustments.paidRun(due);
      await adjustments.bankPaid(run);
      const { bytes } = await pdf(finance('LINCS'), run.payments[0]!);
      const file = written(bytes, 'sound.pdf');
      expect(execFileSync('qpdf', ['--check', file]).toString()).toContain('No syntax or stream encoding errors');
      const info = execFileSync('pdfinfo', [file]).toString();
      expect(info).toMatch(/^Tagged: +yes$/m);
      expect(info).toMatch(/^Title: +Remittance advice EIP2-LINCS-RA-0002$/m);
      expect(execFileSync('pdfinfo', ['-meta', file]).toString()).toMatch(/<pdfaid:part>3<\/pdfaid:part>/);
      const fonts = execFileSync('pdffonts', [file]).toString().trim().split('\n').slice(2);
      for (const row of fonts) expect(row).toMatch(/ yes +yes +yes +\d+ +0$/);
      const shown = text(bytes, 'shown.pdf');
      for (const expected of [
        'Remittance advice EIP2-LINCS-RA-0002',
        'Lincolnshire County Council',
        `${run.payments[0]!.reference}`,
        `${run.number}`,
        'on 3 April 2018.',
        `${due[0]!.invoiceNumber} – – £30.00`,
        '2 claims £45.00',
        `${first.creditNoteNumber} ${paid[0]!.invoiceNumber} £0.00 -£12.00`,
        `${second.creditNoteNumber} ${paid[1]!.invoiceNumber} £0.00 -£25.00`,
        '2 adjustments -£37.00',
        'Total paid £8.00',
      ]) {
        expect(shown).toContain(expected);
      }
    });

    it('says of what is wholly set off that no money was sent, and what is carried forward', async () => {
      const [paid] = await adjustments.funded('SUFFOLK', 5_000);
      await adjustments.bankPaid(await adjustments.paidRun([paid!]));
      const { creditNoteNumber } = await adjustments.takenBack(paid!, 4_000);
      const run = await adjustments.paidRun(await adjustments.funded('SUFFOLK', 1_500));
      const { bytes } = await pdf(finance('SUFFOLK'), run.payments[0]!);
      const shown = text(bytes, 'nothing.pdf').replace(/\s+/g, ' ');
      expect(shown).toContain('No money was sent.');
      expect(shown).not.toContain('account ending');
      expect(shown).toContain(`${creditNoteNumber} ${paid!.invoiceNumber} £25.00 -£15.00`);
      expect(shown).toContain('Total paid £0.00');
      expect(await delivered('EIP2-SUFFOLK-RA-0002')).toMatchObject([{ audience: 'authority', state: 'sent' }]);
    });
  });
});
