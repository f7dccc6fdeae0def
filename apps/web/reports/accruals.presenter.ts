import { sumPence } from '#kernel';
import { type AccrualsSummary } from '#funding';
import { barRows, dateTime, money } from '../page/index.js';
import { endOf } from './report-words.js';

type Line = AccrualsSummary['lines'][number];
const STAGES = [
  ['deliveredPence', 'Delivered, not claimed'],
  ['submittedPence', 'Submitted, not approved'],
  ['approvedPence', 'Approved, not funded'],
  ['fundedPence', 'Funded, not paid'],
  ['totalPence', 'All'],
] as const;
type Stage = (typeof STAGES)[number][0];

const sum = (lines: readonly Line[], stage: Stage): number => sumPence(lines.map((line) => line[stage]));

/** What had been delivered and was not paid, by how far it had come. `lines` of one authority show its categories. */
export function accrualsPage({ lines, day, asOf }: AccrualsSummary, authority: string | null) {
  const total = sum(lines, 'totalPence');
  const when = day === null ? 'now' : `at ${endOf(day)}`;
  const sentence =
    total === 0
      ? `Nothing was delivered and unpaid ${when}.`
      : `${money(total)} had been delivered and not paid ${when}, ${money(sum(lines, 'deliveredPence'))} of it not claimed yet.`;
  return {
    heading: 'Accruals',
    sentence,
    asOf: day === null ? `As of now, ${dateTime(asOf)}.` : `As of ${endOf(day)}, as the service knew it by then.`,
    chart: barRows(
      sentence,
      STAGES.slice(0, 4).map(([stage, label]) => ({ label, value: sum(lines, stage), text: money(sum(lines, stage)) })),
    ),
    tables:
      lines.length === 0
        ? []
        : authority === null
          ? [grouped('Authority', lines, (line) => line.authority), grouped('Category', lines, (line) => line.label)]
          : [grouped('Category', lines, (line) => line.label)],
  };
}

function grouped(first: 'Authority' | 'Category', lines: readonly Line[], keyOf: (line: Line) => string) {
  const keys = [...new Set(lines.map(keyOf))];
  const cells = (of: readonly Line[]) => STAGES.map(([stage]) => ({ text: money(sum(of, stage)), numeric: true }));
  return {
    caption: `By ${first.toLowerCase()}`,
    head: [{ text: first }, ...STAGES.map(([, text]) => ({ text, numeric: true }))],
    rows: keys.map((key) => [{ text: key }, ...cells(lines.filter((line) => keyOf(line) === key))]),
    foot: [{ text: 'All' }, ...cells(lines)],
  };
}
