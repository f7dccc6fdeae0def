import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  adjustmentApproved,
  bankCharge,
  claimApproved,
  claimsFunded,
  ExportJournal,
  paymentSettled,
  receiptConfirmed,
  suspense,
  TakeSnapshot,
  TrialBalance,
  type Journal,
} from '#ledger';
import { systemActor } from '#platform/database';
import { checkBooks } from '../../apps/standalone/books/check-books.js';
import { judge } from '../../apps/standalone/books/judges.js';
import { Books } from './ledger-support.js';

const installed = process.env['TEST_HLEDGER'] !== undefined && process.env['TEST_LEDGER'] !== undefined;
const agreed = [
  { judge: 'hledger', faults: [] },
  { judge: 'ledger', faults: [] },
];

let books: Books;
let folder: string;
let file: string;
beforeAll(async () => {
  books = await Books.open();
  folder = mkdtempSync(join(tmpdir(), 'books-'));
  file = join(folder, 'books.journal');
});
afterAll(async () => {
  await books?.close();
  rmSync(folder, { recursive: true, force: true });
});

const check = () =>
  checkBooks({ exportJournal: new ExportJournal(books.uow), trialBalance: new TrialBalance(books.uow) }, file);

const amountPence = fc.integer({ min: 1, max: 1_000_000_000_000 });
const authority = fc.constantFrom('BRENT', 'BRISTOL');
const reference = fc.string({ unit: 'binary', maxLength: 60 });
const claimId = fc.uuid();
const categories = fc.record({ targeted: fc.nat(10_000_000), travel: amountPence });
const of = fc.uuid().map((id) => ({ event: `test:${id}`, programme: 'EIP2', funder: 'DfE' }));

/** Every sort of journal, with what people type in it. */
const anyJournal: fc.Arbitrary<Journal> = fc.oneof(
  fc.record({ claimId, authority, invoiceNumber: fc.uuid(), categories }).map((more) => claimApproved({ programme: 'EIP2', funder: 'DfE', ...more })), // prettier-ignore
  fc.tuple(of, fc.record({ amountPence, reference })).map(([a, b]) => receiptConfirmed({ ...a, ...b })),
  fc.tuple(of, amountPence).map(([a, pence]) => claimsFunded({ ...a, amountPence: pence, claimCount: 3 })),
  fc.tuple(of, fc.record({ amountPence, reference, authority })).map(([a, b]) => paymentSettled({ ...a, ...b })),
  fc.tuple(of, fc.record({ amountPence, reference })).map(([a, b]) => bankCharge({ ...a, ...b })),
  fc.tuple(of, fc.record({ amountPence, reference, direction: fc.constantFrom('in', 'out') })).map(([a, b]) => suspense({ ...a, ...b })), // prettier-ignore
  fc.tuple(of, fc.record({ authority, categories, claimId })).map(([a, b]) => adjustmentApproved({ ...a, ...b, creditNoteNumber: 'CN-1' })), // prettier-ignore
);

(installed ? describe : describe.skip)('hledger and ledger', () => {
  it('accept empty books', async () => {
    expect(await check()).toEqual(agreed);
  });

  it('agree with the trial balance after hundreds of random journals, reversals and snapshots', async () => {
    const snapshot = new TakeSnapshot(books.uow);
    const made = fc.sample(anyJournal, { numRuns: 600, seed: 3 });
    for (let day = 0; day < 12; day++) {
      books.clock.set(new Date(Date.UTC(2018, 2, 24 + day, 23, 30)).toISOString());
      const posted = made.slice(day * 50, day * 50 + 50);
      await books.post(posted);
      await books.reverse(posted.slice(0, 5).map(({ event }) => event));
      if (day % 4 === 3) expect(await snapshot.run()).toBe(true);
    }
    expect(await check()).toEqual(agreed);
  }, 60_000);

  it('agree with a period: what was before it is its opening', async () => {
    let text = '';
    const query = { from: '2018-03-28', to: '2018-03-31' };
    await new ExportJournal(books.uow).run(systemActor, query, async (piece) => {
      text += piece;
    });
    writeFileSync(file, text);
    const { accounts } = await new TrialBalance(books.uow).run(systemActor, { asOf: '2018-03-31' });
    expect(judge(file, new Map(accounts.map(({ account, balancePence }) => [account, balancePence])))).toEqual(agreed);
    expect(text).toMatch(/2018-03-28 \* Opening balances/);
  });

  it('see a penny that is missing, an account that is not declared and a balance that is another', async () => {
    await check();
    const text = readFileSync(file, 'utf8');
    const spoilt = [
      text.replace(/^( {4}assets:bank {2}-?\d+\.\d)(\d) GBP$/m, (_, start: string, last: string) => `${start}${(Number(last) + 1) % 10} GBP`), // prettier-ignore
      text.replace('account assets:bank\n', ''),
    ];
    for (const wrong of spoilt) {
      expect(wrong).not.toBe(text);
      writeFileSync(file, wrong);
      for (const { faults } of judge(file, await oursNow())) expect(faults).toHaveLength(1);
    }
    writeFileSync(file, text);
    appendFileSync(file, '2018-12-31 * Another\n    assets:bank  0.01 GBP\n    liabilities:suspense  -0.01 GBP\n');
    for (const { faults } of judge(file, await oursNow())) {
      expect(faults).toEqual([
        expect.stringMatching(/^assets:bank: /),
        expect.stringMatching(/^liabilities:suspense: /),
      ]);
    }
  });
});

async function oursNow(): Promise<Map<string, number>> {
  const { accounts } = await new TrialBalance(books.uow).run(systemActor, {});
  return new Map(accounts.map(({ account, balancePence }) => [account, balancePence]));
}
