import { describe, expect, it } from '@jest/globals';
import { type ClaimView, type DocumentItem, type EvidenceView } from '#claims';
import { longClaim } from '../../../test/builders/long-claim.js';
import { LINES_AT_ONCE, partIn, placedLines } from '../page/index.js';
import {
  claimCategories,
  claimDocuments,
  claimFigures,
  claimLines,
  claimSummary,
  FILES_SHOWN,
  namedClaim,
} from './claim.presenter.js';

const LABELS = new Map([
  ['targeted', 'Targeted training'],
  ['travel', 'Travel'],
]);
const NAMES = { authority: 'Brent', payer: 'MTM', categories: LABELS };
const OWN = { names: NAMES, own: true };
const OTHER = { names: NAMES, own: false };
const figures = (netPence: number) => ({ days: '2', netPence, eligiblePence: netPence, reimbursementPence: netPence });
const line = (over: object) => ({
  ...{ id: 'l', kind: 'training', category: 'targeted', description: 'Planning', deliveredOn: ['2018-03-12'] },
  ...{ trainerDays: '2', netPence: 200_000, vatPence: 40_000, decision: null },
  ...over,
});
const claim = {
  flags: [],
  returnNotes: [],
  calculation: {
    working: [],
    categories: { targeted: figures(200_000), coaching: figures(0), gone: figures(5_000), travel: figures(1) },
  },
  trainerInvoices: [
    {
      ...{ trainer: { name: 'A Trainer Ltd' }, number: '1', issuedOn: '2018-03-14', paidOn: null, paymentProof: null },
      lines: [line({}), line({ category: 'gone' }), line({ kind: 'travel', category: undefined })],
    },
  ],
} as unknown as ClaimView;

describe('the categories of a claim', () => {
  it('have the programme’s names, and their codes only where no terms name them', () => {
    expect(claimCategories(claim, LABELS).rows.map(([name]) => name!.text)).toEqual([
      'Targeted training',
      'gone',
      'Travel',
    ]);
    const [invoice] = claimLines(claim, LABELS, placedLines(claim.trainerInvoices));
    expect(invoice!.table.rows.map(([what]) => what)).toEqual([
      { text: 'Planning', hint: 'Targeted training' },
      { text: 'Planning', hint: 'Training: gone' },
      { text: 'Planning', hint: 'Travel' },
    ]);
  });
});

describe('the words of a claim', () => {
  const long = {
    ...longClaim(1, 1).claim,
    ...{ authority: 'BRENT', authorityReference: 'CS-1', waitingFor: 'BRENT to correct this' },
  };

  it('speak to the authority of its own claim, and of it to everybody else', () => {
    const keys = (reader: typeof OWN) => claimFigures(long, reader).totals.map(({ key }) => key);
    expect(keys(OWN).slice(1, 4)).toEqual([
      'VAT, which you recover from HMRC',
      'Above the funded rate, which stays with you',
      'You bear',
    ]);
    expect(keys(OTHER).slice(1, 4)).toEqual([
      'VAT, which Brent recovers from HMRC',
      'Above the funded rate, which stays with Brent',
      'Brent bears',
    ]);
    const reference = (reader: typeof OWN) => claimSummary(long, reader).find(({ value }) => value === 'CS-1')!.key;
    expect([reference(OWN), reference(OTHER)]).toEqual(['Your reference', 'Reference of Brent']);
  });

  it('name the authority that acts next, and leave what is told to it as it is', () => {
    const told = (waitingFor: string | null) => namedClaim({ ...long, waitingFor }, NAMES).waitingFor;
    expect([
      told('BRENT to correct this'),
      told('MTM’s bank to pay BRENT'),
      told('You to correct this'),
      told(null),
    ]).toEqual(['Brent to correct this', 'MTM’s bank to pay Brent', 'You to correct this', null]);
  });

  it('say to whom a document went', () => {
    const deliveries = [
      { id: 'a', audience: 'authority', state: 'sent', sentAt: null },
      { id: 'p', audience: 'payer', state: 'pending', sentAt: null },
    ];
    const document = { id: 'd', kind: 'invoice', state: 'stored', deliveries } as unknown as DocumentItem;
    const mail = (reader: typeof OWN) =>
      claimDocuments('c', { documents: [document], evidence: [] }, reader).documents[0]!.mail;
    expect(mail(OWN)).toBe('to you: e-mailed; to MTM: e-mail on its way');
    expect(mail(OTHER)).toBe('to Brent: e-mailed; to MTM: e-mail on its way');
  });
});

const partOfClaim = (of: ClaimView, part: number) =>
  claimLines(of, LABELS, partIn(placedLines(of.trainerInvoices), part));

describe('a claim of many lines', () => {
  it('is presented by the part shown, each step and flag looked at once', () => {
    const { claim: long, looks } = longClaim(50, 200);
    const invoices = partOfClaim(long, 7);
    expect(invoices.flatMap(({ table }) => table.rows)).toHaveLength(LINES_AT_ONCE);
    expect([looks.lines, looks.flags, looks.working]).toEqual([LINES_AT_ONCE, 10_000, 20_000]);
    expect(invoices[0]).toMatchObject({
      heading: 'A Trainer Ltd, invoice N-1',
      facts: expect.stringContaining('40 of its 200 lines here'),
    });
    expect(invoices[0]!.working[0]).toBe('How trainerInvoices[1].lines[40] comes to its fundedCostPence.');
    expect(claimFigures(long, OTHER).working.map(({ about }) => about)).toEqual(['targeted', 'totalPence']);
  });

  it('says once what is said of several lines, and names them', () => {
    expect(partOfClaim(longClaim(1, 3).claim, 1)[0]!.flags).toEqual(['Lines 1, 2, 3: Too much.']);
  });

  it('finds what a return said of each line in one go', () => {
    const { claim: long, looks } = longClaim(10, 100);
    const returnNotes = long.trainerInvoices.flatMap((one, at) =>
      one.lines.map((_, lineAt) => ({
        ...{ lineId: `old-${at}-${lineAt}`, path: `trainerInvoices[${at}].lines[${lineAt}]`, reason: `No ${lineAt}` },
        description: lineAt === 99 ? 'Another line' : `Day ${lineAt + 1} of invoice ${at + 1}`,
      })),
    );
    const [shown] = partOfClaim({ ...long, state: 'returned', returnNotes }, 3);
    expect(looks.lines).toBeLessThanOrEqual(1_000 + LINES_AT_ONCE);
    expect(shown!.table.rows[0]!.at(-1)).toEqual({ text: 'To correct', hint: 'No 80' });
    expect(shown!.flags.at(-1)).toBe('Returned, about “Another line”: No 99');
  });

  it('names the first of its files, and how many there are', () => {
    const files = Array.from({ length: 300 }, (_, at) => ({ id: `f${at}`, fileName: `${at}.pdf`, removedAt: null }));
    const gone = { id: 'gone', fileName: 'gone.pdf', removedAt: '2018-04-01T00:00:00.000Z' };
    const shown = claimDocuments(
      'c',
      { documents: [], evidence: [gone, ...files] as unknown as EvidenceView[] },
      OTHER,
    );
    expect([shown.evidence.length, shown.fileCount, shown.evidence[0]?.text]).toEqual([FILES_SHOWN, 300, '0.pdf']);
  });
});
