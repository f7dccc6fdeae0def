import { PAGE, PdfDocument, type PdfDescription } from './pdf-document.js';
import { singleLine, wrapText, type TextStyle } from './text-layout.js';

/** Room kept at the foot of each page for the page number. */
const FOOT = 40;
/** Where a baseline lies in its line, as a share of the leading. */
const BASELINE = 0.76;

export type Align = 'left' | 'right';

/** Places a text in a box: a paragraph of a style. */
export interface Paragraph {
  text: string;
  style: TextStyle;
}

/** Blocks one under another over as many pages as they need. */
export class PageFlow {
  readonly document: PdfDocument;
  readonly left = PAGE.margin;
  readonly width = PAGE.width - 2 * PAGE.margin;
  /** Top of what comes next. */
  y: number = PAGE.margin;

  constructor(
    description: PdfDescription,
    /** Printed at the top of every page after the first. */
    private readonly continuation: Paragraph,
  ) {
    this.document = new PdfDocument(description);
  }

  /** What is left of this page, in points. */
  get room(): number {
    return PAGE.height - PAGE.margin - FOOT - this.y;
  }

  /** The height of an empty page after the first. */
  get pageRoom(): number {
    return PAGE.height - 2 * PAGE.margin - FOOT - this.continuation.style.leading * 2;
  }

  /** Starts a page unless `height` fits on this one. */
  ensure(height: number): void {
    if (height > this.room) this.breakPage();
  }

  breakPage(): void {
    this.document.addPage();
    this.y = PAGE.margin;
    const { text, style } = this.continuation;
    this.document.artifact('Pagination', () => {
      this.document.line(singleLine(text, style, this.width), this.left, this.y + style.leading * BASELINE, style);
    });
    this.y += style.leading * 2;
  }

  space(points: number): void {
    this.y += points;
  }

  /** Draws `left`, then `right` from the same height; goes on under the longer one. Both must fit on this page. */
  beside(left: () => void, right: () => void): void {
    const top = this.y;
    left();
    const below = this.y;
    this.y = top;
    right();
    this.y = Math.max(below, this.y);
  }

  /** A heading or paragraph over the whole width, or a part of it, across pages if it must. */
  block(
    type: 'H1' | 'H2' | 'P',
    { text, style }: Paragraph,
    at: { x?: number; width?: number; align?: Align } = {},
  ): void {
    const { x = this.left, width = this.width, align = 'left' } = at;
    const contents = [];
    let lines = wrapText(text, style, width);
    while (lines.length > 0) {
      if (style.leading > this.room) this.breakPage();
      const fitting = Math.max(1, Math.floor(this.room / style.leading));
      const now = lines.slice(0, fitting);
      lines = lines.slice(fitting);
      contents.push(this.document.mark(type, () => this.#lines(now, style, x, width, align)));
    }
    this.document.element(type, this.document.root, contents);
  }

  /** Draws lines downwards from `y` and moves it below them. */
  #lines(lines: ReturnType<typeof wrapText>, style: TextStyle, x: number, width: number, align: Align): void {
    for (const line of lines) {
      const start = align === 'right' ? x + width - line.width : x;
      this.document.line(line, start, this.y + style.leading * BASELINE, style);
      this.y += style.leading;
    }
  }

  /** A horizontal line, decoration only. */
  rule(thickness: number, colour: string): void {
    this.document.artifact('Layout', () => this.document.box(this.left, this.y, this.width, thickness, colour));
    this.y += thickness;
  }

  /** Writes "Page 1 of N" and `label` at the foot of every page, and gives the file. */
  finish(label: Paragraph): Buffer {
    const { document } = this;
    const count = document.pageCount;
    const { style } = label;
    const y = PAGE.height - PAGE.margin;
    const text = singleLine(label.text, style, this.width - 90);
    for (let page = 0; page < count; page += 1) {
      document.switchToPage(page);
      document.artifact('Pagination', () => {
        document.line(text, this.left, y, style);
        const number = singleLine(`Page ${page + 1} of ${count}`, style);
        document.line(number, this.left + this.width - number.width, y, style);
      });
    }
    return document.finish();
  }
}

/** The baseline of a line whose top is at `top`. */
export const baseline = (top: number, style: TextStyle): number => top + style.leading * BASELINE;
