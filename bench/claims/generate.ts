import type pg from 'pg';
import { invoiceNumberKey, trainerNameKey } from '#claims/domain';
import { dropIndexes, FILLING, keptDatabase } from '../support/kept-database.js';
import { type Database, type Services } from '../support/services.js';
import { AROUND } from './around-sql.js';
import {
  ALLOCATIONS,
  claims as claimsOf,
  DECIDE,
  EVIDENCE,
  generated,
  INVOICES,
  LINES,
  type Standing,
} from './generate-sql.js';
import { prove } from './prove.js';
import { workedClaims } from './worked-claims.js';

/** A database with so many claims, kept from an earlier run when nothing has changed since. */
export const claimsDatabase = (
  services: Services,
  standing: Standing,
  count: number,
  say: (line: string) => void,
): Promise<Database> =>
  keptDatabase(
    services,
    {
      name: `${standing.name}_${count}`,
      madeBy: ['dist/bench/claims'],
      what: `${count.toLocaleString('en-GB')} claims`,
      fill: (client) => generate(client, standing, count),
    },
    say,
  );

/** As superuser with triggers off: the data is proved afterwards instead. */
async function generate(client: pg.Client, standing: Standing, count: number): Promise<void> {
  const { terms, claims } = workedClaims();
  const [name, number] = [trainerNameKey('Trainer 12 Ltd'), invoiceNumberKey('INV-0001')];
  if (name !== 'TRAINER12LTD' || number !== 'INV0001')
    throw new Error('keys are no longer made as the generator makes them');
  await client.query(FILLING);
  await client.query('BEGIN');
  const indexes = await dropIndexes(client, ['claim', 'trainer_invoice', 'trainer_invoice_line', 'evidence']);
  for (const statement of DECIDE.split(';')) {
    await client.query(statement.replaceAll('$2', `'${JSON.stringify(claims).replaceAll("'", "''")}'`));
  }
  for (const statement of [
    generated(standing),
    claimsOf(standing).replaceAll('$1', String(terms.payment.withinDays)),
    INVOICES,
    LINES,
    ...(standing.whole ? [EVIDENCE] : []),
    ALLOCATIONS,
    ...(standing.whole ? AROUND : []),
  ]) {
    await client.query(statement.replaceAll('$1', String(count)));
  }
  for (const definition of indexes) await client.query(definition);
  await client.query('COMMIT');
  await client.query('VACUUM ANALYZE');
  await prove(client, count);
}
