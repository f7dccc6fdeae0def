import fc from 'fast-check';
import type { Pain001Model, Pain001Payment, PaymentAccount } from '#payments';

export const aPayment = (given: Partial<Pain001Payment> = {}): Pain001Payment => ({
  endToEndId: 'EIP2-PR-0001-BRENT',
  amountPence: 107_820,
  creditor: {
    name: 'London Borough of Brent',
    country: 'GB',
    account: { kind: 'uk', sortCode: '089999', accountNumber: '66374958' },
  },
  reference: 'EIP2-PR-0001-01',
  route: 'domestic',
  ...given,
});

export const aBankFile = (given: Partial<Pain001Model> = {}): Pain001Model => ({
  messageId: 'EIP2-PR-0001',
  createdAt: '2018-05-02T10:00:00.000Z',
  executionOn: '2018-05-03',
  currency: 'GBP',
  batchBooking: false,
  serviceLevels: { domestic: 'NURG', overseas: null },
  debtor: {
    name: 'Resolutions Consultancy',
    country: 'AU',
    account: { kind: 'uk', sortCode: '107999', accountNumber: '88837491' },
  },
  payments: [aPayment()],
  ...given,
});

const ukAccount: fc.Arbitrary<PaymentAccount> = fc.record({
  kind: fc.constant('uk' as const),
  sortCode: fc.stringMatching(/^\d{6}$/),
  accountNumber: fc.stringMatching(/^\d{8}$/),
});
const ibanAccount: fc.Arbitrary<PaymentAccount> = fc.record({
  kind: fc.constant('iban' as const),
  iban: fc.stringMatching(/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/),
  bic: fc.stringMatching(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/),
});

/** Names as people write them: marks, ampersands, quotation marks, letters of other alphabets, up to far too long. */
const name = fc
  .tuple(fc.stringMatching(/^[A-Za-z]{1,10}$/), fc.string({ unit: 'grapheme', maxLength: 120 }))
  .map(([sure, any]) => `${sure} ${any}`);
const country = fc.constantFrom('GB', 'AU', null);

const party = (account: fc.Arbitrary<PaymentAccount>): fc.Arbitrary<Pain001Payment['creditor']> =>
  fc.record({ name, country, account });

const payment = fc.oneof(
  fc.record({ route: fc.constant('domestic' as const), creditor: party(fc.oneof(ukAccount, ibanAccount)) }),
  fc.record({ route: fc.constant('overseas' as const), creditor: party(ibanAccount) }),
);

const payments: fc.Arbitrary<Pain001Payment[]> = fc
  .array(
    fc.tuple(
      payment,
      fc.integer({ min: 1, max: 100_000_000_000 }),
      fc.stringMatching(/^[A-Z0-9]([A-Z0-9 .-]{0,16}[A-Z0-9])?$/),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map(([paid, amountPence, reference], at) => ({ ...paid, amountPence, reference, endToEndId: `E2E-${at}` })),
  );

/** Bank files of every shape that may be written. */
export const bankFiles: fc.Arbitrary<Pain001Model> = fc.record({
  messageId: fc.stringMatching(/^[A-Z0-9]{1,33}$/),
  createdAt: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((instant) => instant.toISOString()),
  executionOn: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((instant) => instant.toISOString().slice(0, 10)),
  currency: fc.constantFrom('GBP', 'EUR'),
  batchBooking: fc.boolean(),
  serviceLevels: fc.record({
    domestic: fc.constantFrom('NURG', 'URGP', null),
    overseas: fc.constantFrom('SEPA', null),
  }),
  debtor: party(fc.oneof(ukAccount, ibanAccount)),
  payments,
});
