import type { Align, PageFlow, Paragraph } from './page-flow.js';
import { baseline } from './page-flow.js';
import { wrapText, type TextLine, type TextStyle } from './text-layout.js';

interface Column {
  title: string;
  /** Share of the table's width; the shares are added up. */
  share: number;
  align: Align;
}

export interface Cell {
  paragraphs: Paragraph[];
  /** Names its row (read as a heading of it). */
  heading?: boolean;
  /** How many columns it spans, itself included. */
  columns?: number;
  align?: Align;
}

export interface Row {
  cells: Cell[];
  background?: string;
  /** A rule above the row. */
  rule?: { thickness: number; colour: string };
  /** Stays on the page of the row after it. */
  keepWithNext?: boolean;
  /** Repeated on the next page, with this text, when the rows under it go on there. Ends at the next such row. */
  repeatAs?: Row;
}

export interface Table {
  /** A heading of the second level, on the page of the table's first rows. */
  title?: Paragraph;
  x: number;
  width: number;
  columns: Column[];
  /** Style and background of the heading row; null for a table without one. */
  heading: { style: TextStyle; background: string } | null;
  rows: Row[];
  padding: { x: number; y: number };
}

type StructureElement = PDFKit.PDFStructureElement;

interface PlacedCell {
  cell: Cell;
  x: number;
  width: number;
  align: Align;
  lines: { line: TextLine; style: TextStyle }[];
}

interface PlacedRow {
  row: Row;
  cells: PlacedCell[];
  height: number;
}

/** Draws a table over as many pages as it needs; its headings are repeated on each. */
export function drawTable(flow: PageFlow, table: Table): void {
  const drawing = new TableDrawing(flow, table);
  const rows = table.rows.map((row) => drawing.place(row));
  drawing.start(rows);
  rows.forEach((row, index) => drawing.row(row, rows[index + 1]));
  drawing.end();
}

/** Between a table and its title, in points. */
const TITLE_GAP = 4;

class TableDrawing {
  readonly #bounds: { x: number; width: number; align: Align }[];
  readonly #heading: PlacedRow | null;
  #element: StructureElement | null = null;
  #repeated: PlacedRow | null = null;

  constructor(
    private readonly flow: PageFlow,
    private readonly table: Table,
  ) {
    const { heading } = table;
    const shares = table.columns.reduce((sum, column) => sum + column.share, 0);
    let x = table.x;
    this.#bounds = table.columns.map(({ share, align }) => {
      const width = (table.width * share) / shares;
      x += width;
      return { x: x - width, width, align };
    });
    this.#heading =
      heading &&
      this.place({
        background: heading.background,
        cells: table.columns.map(({ title }) => ({ paragraphs: [{ text: title, style: heading.style }] })),
      });
  }

  /** Lays a row out: every text broken into lines, every cell at its place. */
  place(row: Row): PlacedRow {
    const { padding } = this.table;
    let column = 0;
    let height = 0;
    const cells = row.cells.map((cell): PlacedCell => {
      const spanned = this.#bounds.slice(column, column + (cell.columns ?? 1));
      column += cell.columns ?? 1;
      const x = spanned[0]?.x ?? this.table.x;
      const width = spanned.reduce((sum, bound) => sum + bound.width, 0);
      const lines = cell.paragraphs.flatMap(({ text, style }) =>
        wrapText(text, style, width - 2 * padding.x).map((line) => ({ line, style })),
      );
      height = Math.max(height, heightOf(lines));
      return { cell, x, width, align: cell.align ?? spanned[0]?.align ?? 'left', lines };
    });
    return { row, cells, height: height + 2 * padding.y + (row.rule?.thickness ?? 0) };
  }

  /** Draws title and heading row and opens the table, on a page with room for the first rows that belong together. */
  start(rows: readonly PlacedRow[]): void {
    const heading = this.#heading;
    const { title } = this.table;
    const last = rows.findIndex(({ row }) => row.keepWithNext !== true);
    const first = rows.slice(0, last + 1).reduce((sum, { height }) => sum + height, 0);
    const above = (heading?.height ?? 0) + (title === undefined ? 0 : title.style.leading + TITLE_GAP);
    // Rows longer than a page are cut anyway: then a few lines under the heading will do.
    this.flow.ensure(above + (above + first <= this.flow.pageRoom ? first : 60));
    if (title !== undefined) {
      this.flow.block('H2', title);
      this.flow.space(TITLE_GAP);
    }
    this.#element = this.flow.document.group('Table', this.flow.document.root);
    if (heading !== null) this.#tagged(heading, 'Column');
  }

  row(placed: PlacedRow, next: PlacedRow | undefined): void {
    const { row } = placed;
    const together = placed.height + (row.keepWithNext === true ? (next?.height ?? 0) : 0);
    if (row.repeatAs !== undefined) this.#repeated = null;
    const fresh = this.flow.pageRoom - (this.#heading?.height ?? 0) - (this.#repeated?.height ?? 0);
    if (together > this.flow.room && together <= fresh) this.#continue();
    if (placed.height > this.flow.room) this.#split(placed);
    else this.#tagged(placed, null);
    if (row.repeatAs !== undefined) this.#repeated = this.place(row.repeatAs);
  }

  end(): void {
    this.#element?.end();
  }

  /** A new page, with the headings again as artifacts: they were read once. */
  #continue(): void {
    const { flow } = this;
    flow.breakPage();
    for (const placed of [this.#heading, this.#repeated]) {
      if (placed === null) continue;
      flow.document.artifact('Pagination', () => {
        this.#ground(placed);
        for (const cell of placed.cells) this.#cell(cell, cell.lines, placed);
      });
      flow.y += placed.height;
    }
  }

  /** Background and rule of a row. */
  #ground({ row, height }: PlacedRow): void {
    const { flow, table } = this;
    if (row.background !== undefined) flow.document.box(table.x, flow.y, table.width, height, row.background);
    if (row.rule !== undefined) flow.document.box(table.x, flow.y, table.width, row.rule.thickness, row.rule.colour);
  }

  #cell(placed: PlacedCell, lines: PlacedCell['lines'], { row }: PlacedRow): void {
    const { flow, table } = this;
    let top = flow.y + table.padding.y + (row.rule?.thickness ?? 0);
    for (const { line, style } of lines) {
      const x =
        placed.align === 'right' ? placed.x + placed.width - table.padding.x - line.width : placed.x + table.padding.x;
      flow.document.line(line, x, baseline(top, style), style);
      top += style.leading;
    }
  }

  /** A row on this page, as an element with a cell for each cell, empty ones too. */
  #tagged(placed: PlacedRow, scope: 'Column' | null): void {
    const { document } = this.flow;
    if (placed.row.background !== undefined || placed.row.rule !== undefined) {
      document.artifact('Layout', () => this.#ground(placed));
    }
    const element = document.group('TR', this.#element ?? document.root);
    for (const cell of placed.cells) {
      const type = scope !== null || cell.cell.heading === true ? 'TH' : 'TD';
      const contents = isBlank(cell) ? [] : [document.mark(type, () => this.#cell(cell, cell.lines, placed))];
      document.element(type, element, contents, cellAttributes(type, cell.cell, scope));
    }
    element.end();
    this.flow.y += placed.height;
  }

  /** A row taller than a page: as many lines of each cell as fit, the rest on the next pages, one element all the same. */
  #split(placed: PlacedRow): void {
    const { flow, table } = this;
    const element = flow.document.group('TR', this.#element ?? flow.document.root);
    const parts = placed.cells.map((cell) => ({
      cell,
      rest: cell.lines,
      contents: [] as PDFKit.PDFStructureContent[],
    }));
    while (parts.some(({ rest }) => rest.length > 0)) {
      const leading = Math.max(...parts.map(({ rest }) => rest[0]?.style.leading ?? 0));
      if (leading + 2 * table.padding.y > flow.room) this.#continue();
      const limit = flow.room - 2 * table.padding.y;
      let height = 0;
      for (const part of parts) {
        const now = part.rest.slice(0, fittingLines(part.rest, limit));
        part.rest = part.rest.slice(now.length);
        height = Math.max(height, heightOf(now));
        const type = part.cell.cell.heading === true ? 'TH' : 'TD';
        if (now.length > 0) part.contents.push(flow.document.mark(type, () => this.#cell(part.cell, now, placed)));
      }
      flow.y += height + 2 * table.padding.y;
    }
    for (const { cell, contents } of parts) {
      const type = cell.cell.heading === true ? 'TH' : 'TD';
      flow.document.element(type, element, contents, cellAttributes(type, cell.cell, null));
    }
    element.end();
  }
}

function cellAttributes(type: 'TH' | 'TD', cell: Cell, scope: 'Column' | null): { scope?: string; columns?: number } {
  return { ...(type === 'TH' ? { scope: scope ?? 'Row' } : {}), columns: cell.columns ?? 1 };
}

const heightOf = (lines: PlacedCell['lines']): number => lines.reduce((sum, { style }) => sum + style.leading, 0);
const isBlank = ({ lines }: PlacedCell): boolean => lines.every(({ line }) => line.runs.length === 0);

/** How many of these lines go into `limit` points; at least one, so that drawing always moves on. */
function fittingLines(lines: PlacedCell['lines'], limit: number): number {
  let used = 0;
  const beyond = lines.findIndex(({ style }) => (used += style.leading) > limit);
  return beyond === -1 ? lines.length : Math.max(1, beyond);
}
