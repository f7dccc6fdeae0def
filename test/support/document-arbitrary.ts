import fc from 'fast-check';
import type { DocumentCategory, DocumentModel } from '../../libs/claims/documents/document-model.js';
import { aCreditNote, aDocument } from '../builders/document.js';

/** Letters of every script that must come out intact, and what XML, PDF and UBL each take for their own. */
const LETTERS = [...'abcdefghij ABCDEF 0123456789 .,-/()&<>"\'#%[]\\ £éÉüßłŻőçñ ΑΒγδωή ЖЩиёя №½×–’'];
const words = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength })
    .map((text) => text.replace(/\s+/g, ' ').trim() || 'x');

const date = fc.integer({ min: 0, max: 700 }).map((days) => {
  const at = new Date(Date.UTC(2017, 9, 1 + days));
  return at.toISOString().slice(0, 10);
});
const pence = fc.integer({ min: 1, max: 10_000_000 });
const days = fc.integer({ min: 1, max: 100_000 }).map((milli) => String(milli / 1000));

const line = fc.oneof(
  fc.record({
    kind: fc.constant('training' as const),
    categoryLabel: fc.constantFrom('Targeted training', 'Practice leader development'),
    rateLabel: fc.constantFrom('standard rate', 'advanced rate'),
    description: fc.oneof({ weight: 4, arbitrary: words(80) }, { weight: 1, arbitrary: words(500) }),
    deliveredOn: fc.array(date, { minLength: 1, maxLength: 12 }),
    trainerDays: days,
    ratePence: fc.constantFrom(100000, 120000),
    netPence: pence,
    eligiblePence: pence,
  }),
  fc.record({
    kind: fc.constant('travel' as const),
    categoryLabel: fc.constant('Travel'),
    rateLabel: fc.constant(null),
    description: words(60),
    deliveredOn: fc.constant<string[]>([]),
    trainerDays: fc.constant(null),
    ratePence: fc.constant(null),
    netPence: pence,
    eligiblePence: pence,
  }),
);

const trainerInvoice = fc.record({
  trainerName: words(120),
  number: words(30),
  issuedOn: date,
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
});

const categories = fc
  .tuple(...[1, 2, 3, 4].map(() => fc.oneof(fc.constant(0), pence)))
  .filter((amounts) => amounts.some((amount) => amount > 0))
  .map((amounts): DocumentCategory[] =>
    aDocument().categories.map((category, index) => {
      const reimbursementPence = amounts[index] ?? 0;
      return {
        ...category,
        netPence: 2 * reimbursementPence,
        eligiblePence: 2 * reimbursementPence,
        reimbursementPence,
      };
    }),
  );

/** Claim invoices and credit notes as they could occur, with sums that hold. */
export const documents: fc.Arbitrary<DocumentModel> = fc
  .record({
    credit: fc.boolean(),
    serial: fc.integer({ min: 1, max: 9999 }),
    issuedOn: date,
    legalName: words(120),
    contactName: fc.option(words(60)),
    authorityReference: fc.option(words(50)),
    purchaseOrder: fc.option(words(50)),
    categories,
    trainerInvoices: fc.array(trainerInvoice, { maxLength: 5 }),
    reason: fc.option(words(300)),
    account: fc.option(fc.constant({ accountName: 'London Borough of Brent', lastFour: '4321' })),
  })
  .map(
    ({ credit, serial, legalName, contactName, authorityReference, purchaseOrder, reason, ...rest }): DocumentModel => {
      const base = credit ? aCreditNote({ reason }) : aDocument();
      return {
        ...base,
        ...rest,
        number: `EIP2-BRENT-${credit ? 'CN-' : ''}${String(serial).padStart(4, '0')}`,
        totalPence: rest.categories.reduce((sum, category) => sum + category.reimbursementPence, 0),
        seller: { ...base.seller, legalName, contactName },
        references: { ...base.references, authorityReference, purchaseOrder },
      };
    },
  );
