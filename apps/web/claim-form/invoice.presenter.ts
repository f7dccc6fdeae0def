import {
  invoiceTitle,
  MOST_LINES,
  type FormView,
  type FormWorking,
  type InvoiceContent,
  type LineContent,
  type OtherEditor,
} from '#claims';
import { time } from '../page/index.js';
import { formAddress, LINES_AT_ONCE, pageAddress } from './task-list.presenter.js';
import { options, optionsOf } from './words.js';

/** Which part of an invoice's lines is shown: the one asked for, or the one with this line. */
export function partOf(asked: unknown, lines: readonly LineContent[]): number {
  const last = Math.max(1, Math.ceil(lines.length / LINES_AT_ONCE));
  const part = typeof asked === 'string' && /^\d{1,3}$/.test(asked) ? Number(asked) : 1;
  return Math.min(Math.max(part, 1), last);
}

export const partWith = (lines: readonly LineContent[], key: string): number =>
  Math.max(1, Math.ceil((lines.findIndex((line) => line.key === key) + 1) / LINES_AT_ONCE));

/** The page of one trainer invoice: `content` is what is saved, or what was typed when it could not be. */
export function invoicePage(
  form: FormView,
  key: string,
  of: { content: InvoiceContent; version: number; part: number; others?: readonly OtherEditor[] },
) {
  const at = form.invoices.findIndex((invoice) => invoice.key === key);
  const { content, part } = of;
  const from = (part - 1) * LINES_AT_ONCE;
  const choices = optionsOf(form.choices);
  const removed = content.removedLines.at(-1)?.line;
  const notes = form.returned?.notes.filter((note) => note.page === key) ?? [];
  return {
    form,
    key,
    back: formAddress(form.id),
    title: invoiceTitle(content, at),
    number: at + 1,
    values: content,
    version: of.version,
    action: `${pageAddress(form.id, key)}${part > 1 ? `?part=${part}` : ''}`,
    workingAction: formAddress(form.id, 'invoices', key, 'working'),
    lines: content.lines.slice(from, from + LINES_AT_ONCE).map((line, index) => ({
      ...line,
      number: from + index + 1,
      returned: notes.find((note) => note.line === line.key)?.reason ?? null,
      kindName: line.kind === 'training' ? 'training' : (form.choices.atCost ?? 'travel').toLowerCase(),
      options: {
        category: options(choices.category, line.category),
        rate: options(choices.rate, line.rate),
        vatRate: options(choices.vatRate, line.vatRate),
      },
    })),
    /** What the return said of lines that are rewritten or removed since. */
    returned: notes.filter((note) => !content.lines.some((line) => line.key === note.line)),
    parts: partsOf(content.lines.length, part),
    full: content.lines.length >= MOST_LINES,
    atCost: form.choices.atCost,
    removed: removed
      ? { key: removed.key, title: [removed.description, removed.net].filter(Boolean).join(', ') || 'a blank line' }
      : null,
    others: othersText(form, of.others ?? [], key),
    working: workingView(form.working, key),
  };
}

/** The parts of a long list of lines; none while there is one part. */
function partsOf(lines: number, current: number) {
  const count = Math.ceil(lines / LINES_AT_ONCE);
  if (count < 2) return [];
  return Array.from({ length: count }, (_, at) => ({
    number: at + 1,
    current: at + 1 === current,
  }));
}

/** Who else is at the form, and whether it is at this very page. */
export function othersText(form: FormView, others: readonly OtherEditor[], page: string): string[] {
  return others.map((other) => {
    const here = other.page === page;
    const at = form.tasks.find((task) => task.page === other.page)?.title;
    return `${other.name} opened ${here ? 'this page' : `“${at ?? 'another page'}”`} at ${time(other.at)}.`;
  });
}

/** What one page's lines and the whole claim come to, with the working of each figure. */
export function workingView(working: FormWorking, key: string | null) {
  const own = working.lines.filter(({ invoice }) => key === null || invoice === key);
  const uncounted = working.uncounted.filter(({ invoice }) => key === null || invoice === key);
  return {
    lines: own,
    categories: working.categories.filter(({ netPence }) => netPence > 0),
    totals: working.totals,
    texts: working.texts,
    uncounted: uncounted.map(({ number }) => number),
    uncountedElsewhere: working.uncounted.length - uncounted.length,
  };
}
