import type { PageFlow } from './page-flow.js';
import {
  ACCENT,
  BODY,
  FIGURE,
  GROUND,
  HEADING,
  LABEL,
  LETTERHEAD,
  RULE,
  SECTION,
  SMALL,
  STRONG,
  SUBTITLE,
  TITLE,
  TOTAL,
} from './styles.js';
import { drawTable, type Cell, type Row, type Table } from './table.js';
import type { TextStyle } from './text-layout.js';

/** What documents are put together from, so that all of them look like one sender's. Distances in points. */

export const cell = (text: string, style: TextStyle): Cell => ({ paragraphs: [{ text, style }] });

/** A cell that names its row. */
export const headingCell = (text: string, style: TextStyle): Cell => ({ ...cell(text, style), heading: true });

/** The thin rule between the rows of a table: above each but the first. */
export const ruled = (index: number): Pick<Row, 'rule'> =>
  index === 0 ? {} : { rule: { thickness: 0.5, colour: RULE } };

export const TOTAL_ROW = { background: GROUND, rule: { thickness: 1, colour: ACCENT } };

/** The same among the smaller rows of details. */
export const DETAIL_TOTAL_ROW = { background: GROUND, rule: { thickness: 0.75, colour: ACCENT } };

/** What a table comes to, in two columns. */
export const totalRow = (text: string, amount: string): Row => ({
  ...TOTAL_ROW,
  cells: [headingCell(text, SECTION), cell(amount, TOTAL)],
});

/** A table of a section, over the whole width: what fills it differs, not its headings. */
export const sectionTable = (
  flow: PageFlow,
  title: string,
  { columns, rows, padding = { x: 5, y: 4 } }: Pick<Table, 'columns' | 'rows'> & Partial<Pick<Table, 'padding'>>,
): Table => ({
  title: { text: title, style: SECTION },
  x: flow.left,
  width: flow.width,
  columns,
  heading: { style: HEADING, background: GROUND },
  padding,
  rows,
});

/** A section of items and amounts, with what they come to. */
export function drawSums(
  flow: PageFlow,
  title: string,
  lines: readonly [item: string, amount: string][],
  total: [item: string, amount: string],
): void {
  const rows = lines.map(([item, amount], index): Row => ({
    cells: [headingCell(item, BODY), cell(amount, FIGURE)],
    ...ruled(index),
    keepWithNext: true,
  }));
  const columns: Table['columns'] = [
    { title: 'Item', share: 70, align: 'left' },
    { title: 'Amount', share: 30, align: 'right' },
  ];
  drawTable(flow, sectionTable(flow, title, { columns, rows: [...rows, totalRow(...total)] }));
}

/** The sender: its name on the left; on the right where it is and whom to ask, each group a little apart. */
export function drawLetterhead(flow: PageFlow, name: string, ...groups: readonly string[][]): void {
  flow.rule(3, ACCENT);
  flow.space(14);
  const half = flow.width / 2;
  const right = { x: flow.left + half, width: half, align: 'right' as const };
  flow.beside(
    () => flow.block('P', { text: name, style: LETTERHEAD }, { width: half - 12 }),
    () =>
      groups.forEach((lines, index) => {
        if (index > 0) flow.space(4);
        for (const text of lines) flow.block('P', { text, style: SMALL }, right);
      }),
  );
  flow.space(16);
}

/** To whom on the left; number, dates and references on the right. */
export function drawParties(
  flow: PageFlow,
  to: { name: string; address: readonly string[] },
  facts: readonly [label: string, value: string][],
): void {
  const split = flow.width * 0.52;
  const left = { width: split - 24 };
  flow.beside(
    () => {
      flow.block('P', { text: 'To', style: LABEL }, left);
      flow.block('P', { text: to.name, style: STRONG }, left);
      for (const text of to.address) flow.block('P', { text, style: BODY }, left);
    },
    () =>
      drawTable(flow, {
        x: flow.left + split,
        width: flow.width - split,
        columns: [
          { title: '', share: 40, align: 'left' },
          { title: '', share: 60, align: 'left' },
        ],
        heading: null,
        padding: { x: 0, y: 0 },
        rows: facts.map(([label, value]) => ({ cells: [headingCell(label, LABEL), cell(value, BODY)] })),
      }),
  );
  flow.space(18);
}

/** The head of a report: who made it, one line about them, what it is. */
export function drawReportHead(
  flow: PageFlow,
  { sender, about, title, subtitle, text }: Record<'sender' | 'about' | 'title' | 'subtitle' | 'text', string>,
): void {
  flow.rule(3, ACCENT);
  flow.space(14);
  flow.block('P', { text: sender, style: LETTERHEAD });
  flow.block('P', { text: about, style: SMALL });
  flow.space(16);
  flow.block('H1', { text: title, style: TITLE });
  flow.block('P', { text: subtitle, style: SUBTITLE });
  flow.block('P', { text, style: BODY });
  flow.space(14);
}
