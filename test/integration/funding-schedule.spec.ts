import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { needing } from '../support/programs.js';
import { Service } from '../support/service.js';
import { finance, MTM, refusal } from './claims-support.js';
import { Funding, type Request } from './funding-support.js';

let service: Service;
let funding: Funding;
let request: Request;
beforeAll(async () => {
  service = await Service.start();
  funding = new Funding(service);
  await funding.queue(300, 250);
  await funding.approved(90, 'LINCS');
  request = await funding.submittedRequest();
});
afterAll(() => service?.stop());

const path = (id: string) => `/funding-requests/${id}/schedule.pdf`;

/** The bytes as they come; `Service.call` reads text. */
async function download(id: string, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await service.token(MTM.auditor)}`;
  const answer = await fetch(`${service.base}/api/v1${path(id)}`, { headers: { authorization, ...headers } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const textOf = (pdf: Buffer) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).toString('utf8');

needing('pdftotext')('the schedule of a request', () => {
  it('is a PDF that says what is asked for, by category and authority', async () => {
    const { status, headers, bytes } = await download(request.id);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(headers.get('content-disposition')).toContain('EIP2-FR-0001.pdf');
    expect(sha256(bytes)).toBe(request.scheduleSha256);
    expect((await download(request.id, { 'if-none-match': headers.get('etag')! })).status).toBe(304);
    const text = textOf(bytes).replaceAll(/ {2,}/g, ' | ');
    for (const line of [
      'Funding request EIP2-FR-0001',
      '3 approved claims | £6.40',
      'Less money recovered from authorities | £0.00',
      'Amount requested | £6.40',
      'Travel | 3 | £4.90',
      'All categories | 3 | £6.40',
      'Brent | 2 | £1.00 | – | – | £4.50 | £5.50',
      'All authorities | 3 | £1.50 | £0.00 | £0.00 | £4.90 | £6.40',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('stays as it was sent, whatever becomes of its claims, its authorities and the terms', async () => {
    const before = await download(request.id);
    const [a] = request.claimIds as [string];
    await service.post(MTM.approver2, `/claims/${a}/reject`, { reason: 'No' });
    await service.admin.query(`UPDATE authority SET name = 'Brent Council' WHERE code = 'BRENT'`);
    service.clock.set('2018-09-01T09:00:00.000Z');
    service.signInAgain();
    const after = await download(request.id);
    expect(after.bytes.equals(before.bytes)).toBe(true);
    const kept = await service.get<Request>(MTM.auditor, `/funding-requests/${request.id}`);
    expect(kept.body).toMatchObject({ scheduleSha256: sha256(after.bytes), totalPence: 640, claimCount: 3 });
  });

  it('is not there for a draft, nor for an authority', async () => {
    await funding.queue(100);
    const draft = await funding.draftRequest();
    expect(refusal(await service.get(MTM.finance, path(draft.id)))).toEqual([422, 'request_not_submitted']);
    expect((await service.get(finance('BRENT'), path(request.id))).status).toBe(404);
  });

  it('of a request from before schedules were kept is made of what was frozen, the same each time', async () => {
    const [claim] = (await funding.queue(4200)) as [string];
    const { id } = await funding.submittedRequest({ claimIds: [claim] });
    const made = await download(id);
    await service.admin.query('SET session_replication_role = replica');
    await service.admin.query(
      'UPDATE funding_request SET schedule_key = NULL, schedule_sha256 = NULL, schedule_size = NULL WHERE id = $1',
      [id],
    );
    await service.admin.query('RESET session_replication_role');
    expect((await download(id)).bytes.equals(made.bytes)).toBe(true);
  });
});
