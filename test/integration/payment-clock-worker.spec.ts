import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { Service } from '../support/service.js';
import { startContext } from '../support/worker.js';
import { Claims, finance, MTM, simpleBody } from './claims-support.js';

/** A Monday, 34 days after the claim. */
const MONDAY = '2018-05-07T08:00:00.000Z';

let service: Service;
const workers: INestApplicationContext[] = [];
let dataDir: string;

beforeAll(async () => {
  service = await Service.start();
  dataDir = await mkdtemp(join(tmpdir(), 'claims-clock-'));
});
afterAll(async () => {
  for (const worker of workers) await worker.close();
  await service?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const notices = async (): Promise<string[]> => {
  const { rows } = await service.admin.query<{ key: string }>(
    `SELECT to_address || ' ' || split_part(notice_key, ':', 1) || ' ' || state AS key FROM delivery WHERE letter IS NOT NULL`,
  );
  return rows.map(({ key }) => key).sort();
};
async function eventually(wanted: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 900; tries++) {
    if (JSON.stringify(await notices()) === JSON.stringify(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await notices()).toEqual(wanted);
}

it('is swept by workers as soon as they start, by two of them once, and the letters are sent', async () => {
  const claim = await new Claims(service).submitted(simpleBody('BRENT'));
  expect(claim.state).toBe('submitted');
  const me = { body: { weeklyDigest: true }, headers: { 'if-match': '*' } };
  expect((await service.call(finance('BRENT'), 'PUT', '/me', me)).status).toBe(200);
  const env = { DATABASE_URL: service.database.url, DATA_DIR: dataDir, TEST_CLOCK: MONDAY };
  workers.push(...(await Promise.all([startContext(env, [WorkerModule]), startContext(env, [WorkerModule])])));
  for (const worker of workers) await worker.init();
  const wanted = [`${finance('BRENT')} weekly-digest`, `${MTM.finance2} payment-clock`, `${MTM.finance} payment-clock`];
  await eventually(wanted.map((notice) => `${notice} sent`).sort());
}, 120_000);
