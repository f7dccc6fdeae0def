import { type WarningItem } from '#funding';
import { date, words } from '../page/index.js';
import { sentenceCase } from './report-words.js';

/** A level of the clock of days as people read it: `45` days after submission, or past the due date. */
export const levelName = (level: string): string =>
  level === 'overdue' ? 'Overdue' : /^\d+$/.test(level) ? `${level} days after submission` : sentenceCase(words(level));

/** What MTM finance was warned of. A claim that reached several levels at once stands once for each, and was told of once. */
export function warningsTable(items: readonly WarningItem[], filtered: boolean) {
  return {
    caption: 'Warnings',
    captionHidden: true,
    empty: filtered
      ? 'No warning matches these filters.'
      : 'Nobody had to be warned yet. Every morning the service looks for unpaid claims that get near the day they are to be paid by.',
    head: [{ text: 'Claim' }, { text: 'Authority' }, { text: 'Reached' }, { text: 'Warned on' }, { text: 'How' }],
    rows: items.map(({ claimId, authority, invoiceNumber, level, toldAs, warnedOn }) => [
      { text: invoiceNumber, href: `/claims/${claimId}`, nowrap: true },
      { text: authority },
      level === 'overdue' ? { text: levelName(level), tag: 'orange' } : { text: levelName(level) },
      { text: date(warnedOn), nowrap: true },
      { text: level === toldAs ? 'By e-mail' : `In the e-mail of “${levelName(toldAs)}”` },
    ]),
  };
}
