import { formatDays, type MilliDays } from '#kernel';

const LONG_DATE = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });

/** `2018-03-12` → `12 March 2018`. */
export const longDate = (date: string): string => LONG_DATE.format(new Date(`${date}T00:00:00Z`));

/** 500 → `0.5 days`, 1000 → `1 day`. */
export const daysText = (days: MilliDays): string => `${formatDays(days)} ${days === 1000 ? 'day' : 'days'}`;

/** 1, "line" → `1 line`; 2 → `2 lines`. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
