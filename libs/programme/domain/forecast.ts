import { addDays, formatDays, londonDate, type MilliDays } from '#kernel';

interface Forecast {
  /** `YYYY-MM-DD`, or null while no pace can be told, or when it is more than ten years off. */
  runsOutOn: string | null;
  daysPerMonth: string | null;
  text: string;
}

/** Thirty days of history at least: one early claim says nothing about the pace. */
const MINIMUM_HISTORY_DAYS = 30;
const DAYS_PER_MONTH = 30;
/** A date further off than ten years says no more than that. */
const LONGEST_DAYS = 3650;

/**
 * When an allocation runs out if days go on being drawn at the average pace since the first draw. Days in thousandths.
 * Decided here: a straight line, since the guide gives no schedule by category.
 */
export function forecastDraw(of: {
  left: MilliDays;
  drawn: MilliDays;
  firstDraw: Date | null;
  today: string;
}): Forecast {
  if (of.left === 0 && of.drawn === 0) return { runsOutOn: null, daysPerMonth: null, text: 'No days are allotted.' };
  if (of.left === 0) return { runsOutOn: of.today, daysPerMonth: null, text: 'Nothing is left.' };
  if (of.firstDraw === null || of.drawn === 0) {
    return { runsOutOn: null, daysPerMonth: null, text: 'No days have been drawn yet.' };
  }
  const elapsed = daysBetween(londonDate(of.firstDraw), of.today);
  if (elapsed < MINIMUM_HISTORY_DAYS) {
    return {
      runsOutOn: null,
      daysPerMonth: null,
      text: 'Too early to tell: the first days were drawn less than 30 days ago.',
    };
  }
  const perMonth = Math.round((of.drawn * DAYS_PER_MONTH) / elapsed);
  const lasts = Math.floor((of.left * elapsed) / of.drawn);
  if (lasts > LONGEST_DAYS) {
    const text = 'At the pace since the first claim, the days left last for more than ten years.';
    return { runsOutOn: null, daysPerMonth: formatDays(perMonth), text };
  }
  const runsOutOn = addDays(of.today, lasts);
  return {
    runsOutOn,
    daysPerMonth: formatDays(perMonth),
    text: `At ${formatDays(perMonth)} ${perMonth === 1000 ? 'day' : 'days'} in 30 days, as since the first claim, the days left last until ${runsOutOn}.`,
  };
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
