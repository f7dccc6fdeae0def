import { expect } from '@jest/globals';
import { type Service } from './service.js';

/** That the database itself refuses the statements, for a reason like `why`, now or when they would be committed. */
export async function expectRefused(admin: Service['admin'], sql: string, why: RegExp): Promise<void> {
  await admin.query('BEGIN');
  const outcome = await admin
    .query(sql)
    .then(() => admin.query('SET CONSTRAINTS ALL IMMEDIATE').then(() => 'taken', String), String);
  await admin.query('ROLLBACK');
  expect([sql, outcome]).toEqual([sql, expect.stringMatching(why)]);
}
