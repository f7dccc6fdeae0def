import { formatDays } from '#kernel';
import { assess, type Calculation, type ClaimLineBody, type LineFigures } from '#claims/domain';
import { parseSeed, type ProgrammeTerms } from '#programme/domain';
import { seedFile } from '#seeds';

/** A kind of claim with two lines, calculated by the domain itself: the generated claims take their figures from these. */
export interface WorkedClaim {
  no: number;
  total: number;
  above: number;
  calculation: Calculation;
  amounts: object;
  lines: WorkedLine[];
}

interface WorkedLine {
  position: number;
  kind: string;
  category: string | null;
  rate: string | null;
  description: string;
  days: number;
  trainer_days: string | null;
  net: number;
  vat: number;
  rate_pence: number | null;
  eligible: number;
  above: number;
  funded_days: string;
  allocation: string | null;
}

const DAYS = ['2018-03-12', '2018-03-13', '2018-03-14', '2018-03-15', '2018-03-16'];

interface Training {
  category: string;
  rate?: string;
  days: number;
  trainerDays: string;
  netPence: number;
}

const training = (of: Training): ClaimLineBody => ({
  kind: 'training',
  category: of.category,
  rate: of.rate ?? 'standard',
  description: `Training, ${of.category.replaceAll('_', ' ')}`,
  bookedOn: '2018-01-10',
  deliveredOn: DAYS.slice(0, of.days),
  trainerDays: of.trainerDays,
  netPence: of.netPence,
  vatRate: '20',
  vatPence: Math.floor(of.netPence / 5),
});

const travel = (netPence: number): ClaimLineBody => ({
  kind: 'travel',
  description: 'Rail and taxi',
  netPence,
  vatRate: '20',
  vatPence: Math.floor(netPence / 5),
});

const standard = (category: string, days: number, trainerDays: string, netPence: number) =>
  training({ category, days, trainerDays, netPence });

/** What an authority's claims are like: mostly a day or two, some courses, some charged above the funded rate. */
const KINDS: readonly (readonly [ClaimLineBody, ClaimLineBody])[] = [
  [standard('targeted', 2, '2', 200_000), travel(15_640)],
  [standard('targeted', 1, '1', 100_000), travel(4_335)],
  [standard('targeted', 1, '1', 115_000), travel(8_210)],
  [standard('targeted', 1, '0.5', 50_000), travel(2_990)],
  [standard('targeted', 1, '1', 85_000), travel(12_075)],
  [training({ category: 'targeted', rate: 'advanced', days: 5, trainerDays: '5', netPence: 600_000 }), travel(31_200)],
  [
    training({ category: 'targeted', rate: 'advanced', days: 5, trainerDays: '10', netPence: 1_200_000 }),
    travel(48_905),
  ],
  [standard('coaching_qa', 1, '1', 100_000), travel(6_540)],
  [standard('coaching_qa', 1, '0.5', 50_000), travel(1_001)],
  [standard('practice_leader', 1, '0.5', 50_000), travel(3_333)],
  [standard('practice_leader', 2, '1', 100_000), travel(9_900)],
  [standard('practice_leader', 1, '0.5', 50_000), standard('targeted', 1, '0.5', 50_000)],
];

export function workedClaims(): { terms: ProgrammeTerms; claims: WorkedClaim[] } {
  const [terms] = parseSeed(seedFile('eip2.json')).terms;
  if (!terms) throw new Error('the programme file holds no terms');
  return { terms, claims: KINDS.map((lines, no) => worked(terms, no, [...lines])) };
}

function worked(terms: ProgrammeTerms, no: number, lines: ClaimLineBody[]): WorkedClaim {
  const trainer = { name: 'Trainer 1 Ltd', vatNumber: 'GB999999973' };
  const invoice = { trainer, number: 'INV-0001', issuedOn: '2018-03-20', paidOn: '2018-03-28', lines };
  const body = { programme: terms.programme, authority: 'BRENT', trainerInvoices: [invoice] };
  const daysLeft = Object.fromEntries(terms.categories.map(({ code }) => [code, 1_000_000]));
  const { calculation, lines: figures } = assess(body, terms, { today: '2018-04-03', daysLeft, duplicateInvoices: [] });
  if (calculation.problems.length > 0) throw new Error(`kind ${no} could not be claimed`);
  return {
    no,
    total: calculation.totalPence,
    above: calculation.aboveRatePence,
    calculation,
    amounts: Object.fromEntries(
      Object.entries(calculation.categories).map(([code, of]) => [
        code,
        {
          eligiblePence: of.eligiblePence,
          reimbursementPence: of.reimbursementPence,
          fundedDays: of.fundedDays ?? null,
        },
      ]),
    ),
    lines: lines.map((line, position) => workedLine(line, figures[position]!, position)),
  };
}

function workedLine(line: ClaimLineBody, figures: LineFigures, position: number): WorkedLine {
  const own = line.kind === 'training' ? line : null;
  return {
    position,
    kind: line.kind,
    category: own?.category ?? null,
    rate: own?.rate ?? null,
    description: line.description,
    days: own?.deliveredOn.length ?? 0,
    trainer_days: own?.trainerDays ?? null,
    net: line.netPence,
    vat: line.vatPence,
    rate_pence: figures.ratePence,
    eligible: figures.eligiblePence,
    above: figures.aboveRatePence,
    funded_days: formatDays(figures.fundedDays),
    allocation: figures.allocation,
  };
}
