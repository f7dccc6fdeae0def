import { formatDays, type MilliDays } from '#kernel';

/** 500 → `0.5 days`, 1000 → `1 day`. */
export const daysText = (days: MilliDays): string => `${formatDays(days)} ${days === 1000 ? 'day' : 'days'}`;

/** 1, "line" → `1 line`; 2 → `2 lines`. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
