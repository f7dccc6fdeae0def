import { daysBetween, formatPence } from '#kernel';
import { holdsReference, nearReference, wordsOf } from './references.js';

export const SUGGESTION_KINDS = [
  'payment',
  'payment_run',
  'payment_return',
  'receipt',
  'repayment',
  'account',
] as const;
export type SuggestionKind = (typeof SUGGESTION_KINDS)[number];

/** What a line of a bank statement says, as far as it helps to explain it. */
export interface LineFacts {
  /** What nothing explains yet; debits negative. */
  leftPence: number;
  currency: string;
  bookedOn: string;
  /** References, remittance, narrative: wherever something to match by may stand. */
  texts: readonly string[];
  counterparty: string | null;
  transactionCode: string | null;
  returnReason: string | null;
}

/** What might explain a line. */
export interface Candidate {
  kind: SuggestionKind;
  id: string;
  /** What no line shows of it yet, above 0. */
  openPence: number;
  /** The day the money is about: approved, recorded or settled. */
  on: string;
  references: readonly string[];
  names: readonly string[];
}

export interface Suggestion {
  kind: SuggestionKind;
  id: string;
  /** 0 to 100: how much of what could agree does. Never a probability. */
  score: number;
  /** In plain words, the weightiest first. */
  reasons: string[];
}

/** Points for what agrees: together 100. */
const POINTS = {
  amount: 40,
  partOfIt: 15,
  reference: 40,
  nearReference: 25,
  partOfReference: 15,
  date: 10,
  week: 6,
  fortnight: 3,
  name: 10,
  partOfName: 5,
} as const;
/** Below it a suggestion is a guess: an amount alone that agrees is just worth a look. */
const WORTH_SHOWING = 40;
const MOST_SHOWN = 5;
/** The funder may pay what an authority was once paid: an amount alone does not make a return. */
const RETURN_NEEDS = 15;

type Point = readonly [points: number, reason: string];

/** What of the candidates explains the line, the likeliest first, each with its reasons. Pure: the same answer for the same facts. */
export function suggest(line: LineFacts, candidates: readonly Candidate[]): Suggestion[] {
  const charge = chargeSuggestion(line);
  return [...candidates.map((one) => scoreOf(line, one)), ...(charge ? [charge] : [])]
    .filter(({ score }) => score >= WORTH_SHOWING)
    .sort((a, b) => b.score - a.score || compare(a.kind, b.kind) || compare(a.id, b.id))
    .slice(0, MOST_SHOWN);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How well one candidate explains a line. */
export function scoreOf(line: LineFacts, candidate: Candidate): Suggestion {
  const told = [referencePoint(line, candidate), returnPoint(line, candidate)];
  const tells = Math.max(0, ...told.map((point) => point?.[0] ?? 0));
  const points: Point[] = [
    ...told,
    amountPoint(line, candidate),
    datePoint(line, candidate),
    namePoint(line, candidate),
  ]
    .filter((point) => point !== null)
    .sort((a, b) => b[0] - a[0]);
  const sum = points.reduce((total, [one]) => total + one, 0);
  const score = candidate.kind === 'payment_return' && tells < RETURN_NEEDS ? 0 : Math.min(100, sum);
  return { kind: candidate.kind, id: candidate.id, score, reasons: points.map(([, reason]) => reason) };
}

function amountPoint({ leftPence, currency }: LineFacts, { openPence }: Candidate): Point | null {
  const left = Math.abs(leftPence);
  const [here, there] = [formatPence(left, currency), formatPence(openPence, currency)];
  if (left === openPence) return [POINTS.amount, `The amount agrees: ${there}.`];
  if (left < openPence) return [POINTS.partOfIt, `${here} would be a part of ${there}.`];
  return null;
}

function referencePoint({ texts }: LineFacts, { references }: Candidate): Point | null {
  const whole = references.find((reference) => texts.some((text) => holdsReference(text, reference)));
  if (whole !== undefined) return [POINTS.reference, `The line has the reference ${whole}.`];
  for (const reference of references) {
    for (const text of texts) {
      const near = nearReference(text, reference);
      if (near === null) continue;
      const why = `The line has ${near}, whose check digits are wrong: it is ${reference} with one slip.`;
      return [POINTS.nearReference, why];
    }
  }
  const parts = references.flatMap((reference) => wordsOf(reference).filter((word) => TELLING.test(word)));
  const on = new Set(texts.flatMap(wordsOf));
  const part = parts.find((word) => on.has(word));
  return part === undefined ? null : [POINTS.partOfReference, `The line has a part of the reference: ${part}.`];
}

/** A word that can be told from others: long enough, with a digit, and not a year. */
const TELLING = /^(?!(19|20)\d\d$)(?=.*\d)[\p{L}\p{N}]{4,}$/u;

function returnPoint({ returnReason }: LineFacts, { kind }: Candidate): Point | null {
  if (kind !== 'payment_return' || returnReason === null) return null;
  return [POINTS.partOfReference, `The bank says why it came back: ${returnReason}.`];
}

function datePoint({ bookedOn }: LineFacts, { on }: Candidate): Point | null {
  const days = Math.abs(daysBetween(on, bookedOn));
  const points = days <= 3 ? POINTS.date : days <= 7 ? POINTS.week : days <= 14 ? POINTS.fortnight : 0;
  if (points === 0) return null;
  return [points, days === 0 ? 'It is of the same day.' : `It is ${days} ${days === 1 ? 'day' : 'days'} away.`];
}

/** What so many names have that it tells nothing. */
const COMMON = new Set(
  `THE OF AND FOR LB LBC RB MBC DC CC LONDON BOROUGH ROYAL METROPOLITAN COUNTY CITY DISTRICT COUNCIL UNITARY AUTHORITY
   LTD LIMITED PLC LLP DEPARTMENT`.split(/\s+/),
);
const tellingWords = (name: string): Set<string> => new Set(wordsOf(name).filter((word) => !COMMON.has(word)));

function namePoint({ counterparty, texts }: LineFacts, { names }: Candidate): Point | null {
  const written = counterparty === null ? texts : [counterparty];
  const there = new Set(written.flatMap((text) => [...tellingWords(text)]));
  let best: Point | null = null;
  for (const name of names) {
    const words = [...tellingWords(name)];
    if (words.length === 0) continue;
    const shared = words.filter((word) => there.has(word)).length / words.length;
    const points = shared === 1 ? POINTS.name : shared >= 0.5 ? POINTS.partOfName : 0;
    if (points > (best?.[0] ?? 0)) best = [points, shared === 1 ? `The name is ${name}.` : `The name is like ${name}.`];
  }
  return best;
}

export const BANK_CHARGES = 'expenses:bank charges';
export const SUSPENSE = 'liabilities:suspense';
/** Where a line may be booked that shows nothing of ours. */
export const LINE_ACCOUNTS = [BANK_CHARGES, SUSPENSE] as const;

/** ISO 20022's families end in CHRG, FEES or COMM; MT940 has NCHG; the rest of the banks write it out. */
const CHARGE_CODE = /\b(N?CHRG|NCHG|FEES|COMM)\b/i;
/** Whether the bank's own code says that an entry is what it takes for its work. */
export const isChargeCode = (code: string | null): code is string => code !== null && CHARGE_CODE.test(code);

const CHARGE_WORDS = /\b(charges?|fees?|commission)\b/i;

function chargeSuggestion({ leftPence, transactionCode, texts }: LineFacts): Suggestion | null {
  const found = (score: number, reason: string): Suggestion => ({
    kind: 'account',
    id: BANK_CHARGES,
    score,
    reasons: [reason],
  });
  if (leftPence >= 0) return null;
  if (isChargeCode(transactionCode)) {
    return found(80, `The bank's code says that it is a charge: ${transactionCode}.`);
  }
  const word = texts.map((text) => CHARGE_WORDS.exec(text)?.[0]).find((one) => one !== undefined);
  return word === undefined ? null : found(50, `The line speaks of a charge: “${word}”.`);
}
