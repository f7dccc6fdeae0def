import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseSeed, type GrantTerms } from '#programme/domain';
import { quarterOn } from '../../libs/grants/domain/quarters.js';

const file: unknown = JSON.parse(readFileSync(new URL('../../seeds/eip2.json', import.meta.url), 'utf8'));
/** The terms of EIP2's grant. */
export const EIP2 = parseSeed(file).grant!;

export const quarterDates = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

/** Any terms a programme file may have. */
export const anyTerms: fc.Arbitrary<GrantTerms> = fc
  .record({
    annualPence: fc.integer({ min: 1, max: 1_000_000_000 }),
    years: fc.integer({ min: 1, max: 10 }),
    startsOn: quarterDates.map((date) => quarterOn(date).from),
    vacant: fc.nat(),
  })
  .map(({ vacant, ...parts }) => ({ ...EIP2, ...parts, vacantQuarters: vacant % (parts.years * 4) }));
