import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  aCsvMapping,
  aMadeEntry,
  aMadeStatement,
  camtOf,
  camtPieces,
  closingOf,
  csvOf,
  cut,
  gather,
  mt940Of,
  type MadeEntry,
  type MadeStatement,
} from '../../../test/builders/bank-statement.js';
import { readStatements, type StatementFormat } from './read-statements.js';

const SEED = 20_180_502;

const token = fc.stringMatching(/^[A-Z0-9]{1,16}$/).filter((text) => text !== 'NONREF');
/** Letters that every one of the three formats can carry as they stand; no space at the ends, none twice. */
const words = fc
  .array(fc.stringMatching(/^[A-Za-z0-9.,'()+éüß£-]{1,12}$/), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(' '));
const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2078-12-31'), noInvalidDate: true })
  .map((instant) => instant.toISOString().slice(0, 10));

const entries: fc.Arbitrary<MadeEntry> = fc
  .record({
    bookedOn: date,
    daysToValue: fc.integer({ min: -100, max: 100 }),
    amountPence: fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }),
    reference: token,
    bankReference: token,
    endToEndId: token,
    counterparty: words,
    remittance: words,
  })
  .map(({ daysToValue, ...entry }) => ({
    ...entry,
    valueOn: new Date(Date.parse(entry.bookedOn) + daysToValue * 86_400_000).toISOString().slice(0, 10),
  }));

const statements: fc.Arbitrary<MadeStatement> = fc
  .record({
    currency: fc.constantFrom('GBP', 'EUR'),
    statementId: token,
    sequence: fc.integer({ min: 1, max: 99_999 }),
    openingPence: fc.integer({ min: -99_999_999, max: 99_999_999 }),
    openingOn: date,
    entries: fc.array(entries, { minLength: 1, maxLength: 12 }),
  })
  .map((given) => aMadeStatement(given));

const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });

/** What is read must be what was written, and the bytes may come in any pieces. */
async function comesBack(made: MadeStatement, text: string, format: StatementFormat, pieces: number[]): Promise<void> {
  const [statement, ...more] = await gather(readStatements(cut(text, pieces), format));
  expect(more).toEqual([]);
  expect(statement!.header.currency).toBe(made.currency);
  expect(statement!.closing).toMatchObject({ openingPence: made.openingPence, closingPence: closingOf(made) });
  const written = [...made.entries];
  expect(statement!.entries.map((entry, at) => ({ ...entry, ...written[at], where: '' }))).toEqual(
    statement!.entries.map((entry) => ({ ...entry, where: '' })),
  );
  expect(statement!.entries).toHaveLength(written.length);
}

describe('a statement written and read gives the same entries, wherever its bytes are cut', () => {
  const runs = { seed: SEED, numRuns: 60 };

  it.each(['02', '04', '08'])('as camt.053.001.%s', async (version) => {
    await fc.assert(
      fc.asyncProperty(statements, sizes, (made, pieces) =>
        comesBack(made, camtOf(made, version), { kind: 'camt053' }, pieces),
      ),
      runs,
    );
  });

  it('as MT940, over any number of pages', async () => {
    await fc.assert(
      fc.asyncProperty(statements, sizes, fc.integer({ min: 1, max: 12 }), (made, pieces, entriesOfAPage) =>
        comesBack(made, mt940Of(made, entriesOfAPage), { kind: 'mt940' }, pieces),
      ),
      runs,
    );
  });

  it('as CSV', async () => {
    await fc.assert(
      fc.asyncProperty(statements, sizes, fc.constantFrom(',', ';', '\t' as const), (made, pieces, delimiter) => {
        const mapping = aCsvMapping({ delimiter, currency: { value: made.currency } });
        return comesBack(made, csvOf(made, mapping), { kind: 'csv', mapping }, pieces);
      }),
      runs,
    );
  });

  it('and one whose figures were changed is refused', async () => {
    await fc.assert(
      fc.asyncProperty(statements, fc.integer({ min: 1, max: 1000 }), async (made, change) => {
        const text = camtOf({ ...made, openingPence: made.openingPence + change });
        const wrong = text.replace(
          /(OPBD.*?<Amt[^>]*>)[\d.]+/s,
          `$1${camtOf(made).match(/OPBD.*?<Amt[^>]*>([\d.]+)/s)![1]}`,
        );
        if (wrong === text) return;
        const reading = gather(readStatements(cut(wrong, [999]), { kind: 'camt053' }));
        await expect(reading).rejects.toMatchObject({ code: 'balance_mismatch' });
      }),
      runs,
    );
  });

  it('and one that is cut off is refused, wherever', async () => {
    await fc.assert(
      fc.asyncProperty(statements, fc.double({ min: 0, max: 0.999, noNaN: true }), async (made, share) => {
        const text = Buffer.from(camtOf(made).trim());
        const reading = gather(
          readStatements([text.subarray(0, Math.floor(text.length * share))], { kind: 'camt053' }),
        );
        await expect(reading).rejects.toHaveProperty('code', expect.stringMatching(/^(truncated|empty_file)$/));
      }),
      runs,
    );
  });
});

describe('a large file', () => {
  function* entriesMade(count: number): Generator<MadeEntry> {
    for (let at = 0; at < count; at += 1) yield aMadeEntry({ amountPence: 1, bankReference: `B${at}` });
  }
  /** Counts what was asked of the source: a reader that reads ahead asks for more than it gives. */
  function counted(count: number): { pieces: () => number; source: AsyncGenerator<Uint8Array> } {
    let pieces = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      const made = aMadeStatement({ entries: entriesMade(count), openingPence: 0 });
      for (const piece of camtPieces(made, count)) {
        pieces += 1;
        yield Buffer.from(piece);
      }
    }
    return { pieces: () => pieces, source: source() };
  }

  it('of 100,000 entries is read no further than it is consumed', async () => {
    const { pieces, source } = counted(100_000);
    let taken = 0;
    for await (const event of readStatements(source, { kind: 'camt053' })) {
      if (event.type === 'entry' && (taken += 1) === 100) break;
    }
    expect(taken).toBe(100);
    expect(pieces()).toBeLessThan(120);
    // Leaving the loop closes the source: a file handle or a request behind it is let go.
    expect(await source.next()).toEqual({ done: true, value: undefined });
  });

  it('of 20,000 entries is read to its end', async () => {
    const count = 20_000;
    const { pieces, source } = counted(count);
    let total = 0;
    for await (const event of readStatements(source, { kind: 'camt053' })) {
      if (event.type === 'entry') total += event.entry.amountPence;
      if (event.type === 'closing') expect(event.closing).toMatchObject({ entryCount: count, bookedPence: count });
    }
    expect(total).toBe(count);
    expect(pieces()).toBeGreaterThan(count);
  }, 60_000);
});
