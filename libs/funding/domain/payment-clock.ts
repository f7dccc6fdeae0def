import { addDays } from '#kernel';
import { warningDays, type ProgrammeTerms } from '#programme/domain';

type Terms = Pick<ProgrammeTerms, 'payment'>;

/** What is reached when the time is up. */
export const OVERDUE = 'overdue';

/** Of unpaid claims under these terms, those due on `dueBy` or before have reached the level, on some day. */
export interface ClockLevel {
  /** `30`, `45`, `55` or `overdue`. */
  readonly level: string;
  readonly dueBy: string;
}

/**
 * The levels of the clock today, the lowest first (docs/domain.md, Getting paid): so many days after submission, and the day
 * after the due date. A claim is due `withinDays` after its submission, so that the due date tells both.
 */
export function clockLevels(terms: Terms, today: string): ClockLevel[] {
  const { withinDays } = terms.payment;
  return [
    ...warningDays(terms).map((days) => ({ level: String(days), dueBy: addDays(today, withinDays - days) })),
    { level: OVERDUE, dueBy: addDays(today, -1) },
  ];
}

/** Unpaid claims by their age in days; both ends belong to it, the last has no end. */
export interface AgeBand {
  readonly band: string;
  readonly fromDays: number;
  readonly toDays: number | null;
}

/** Every age is in one band: they begin at the submission, at each warning and when the time is up. */
export function ageBands(terms: Terms): AgeBand[] {
  const starts = [0, ...warningDays(terms), terms.payment.withinDays + 1];
  return starts.map((fromDays, at) => {
    const next = starts[at + 1];
    if (next === undefined) return { band: OVERDUE, fromDays, toDays: null };
    return { band: `${fromDays}-${next - 1}`, fromDays, toDays: next - 1 };
  });
}

/** The Monday of a date's week: `mondayOf('2018-04-04')` → `2018-04-02`. */
export function mondayOf(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}
