import { formatPence, sumPence, type Problem } from '#kernel';
import { SUSPENSE, type LINE_ACCOUNTS } from './suggest.js';

export const MATCH_KINDS = ['payment', 'payment_return', 'receipt', 'repayment', 'bank_charge', 'suspense'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** What somebody says a line is, with as much of it as no line shows yet. */
export interface MatchTarget {
  kind: MatchKind;
  id: string;
  openPence: number;
  /** Where it stands in the request. */
  path: string;
}

export interface PlannedMatch {
  kind: MatchKind;
  targetId: string | null;
  /** Signed as the line. */
  pence: number;
}

/** What is asked: targets, parts of them by id, and an account for the rest. */
export interface MatchWish {
  /** What nothing explains of the line yet; debits negative. */
  leftPence: number;
  currency: string;
  targets: readonly MatchTarget[];
  amounts: ReadonlyMap<string, number>;
  account: (typeof LINE_ACCOUNTS)[number] | null;
}

/**
 * How much of a line each target takes. Without an amount a target takes all that is open of it; a single one takes the line
 * where that is less. The account takes what is left. Problems: `match_exceeds_target` for more than is open,
 * `match_exceeds_line` for more than is left.
 */
export function planMatch(wish: MatchWish): { matches: PlannedMatch[]; problems: Problem[] } {
  const { leftPence, targets, amounts, account } = wish;
  const money = (pence: number): string => formatPence(pence, wish.currency);
  const [sign, left] = [Math.sign(leftPence), Math.abs(leftPence)];
  const problems: Problem[] = [];
  const alone = targets.length === 1 && account === null;
  const parts = targets.map(({ kind, id, openPence, path }) => {
    const pence = amounts.get(id) ?? (alone ? Math.min(openPence, left) : openPence);
    if (pence > openPence) {
      const message = `${money(pence)} is more than is open of this: ${money(openPence)}.`;
      problems.push({ path, code: 'match_exceeds_target', message });
    }
    return { kind, targetId: id, pence: sign * pence };
  });
  const rest = left - Math.abs(sumPence(parts.map(({ pence }) => pence)));
  if (rest < 0) {
    const message = `Together this is ${money(-rest)} more than is left of the line: ${money(left)}. Give amounts.`;
    problems.push({ path: '', code: 'match_exceeds_line', message });
  }
  if (account === null) return { matches: parts, problems };
  if (rest === 0) {
    problems.push({ path: 'account', code: 'match_exceeds_line', message: 'Nothing of the line is left for it.' });
  }
  const kind = account === SUSPENSE ? 'suspense' : 'bank_charge';
  return { matches: [...parts, { kind, targetId: null, pence: sign * rest }], problems };
}
