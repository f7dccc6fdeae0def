import PDFDocument from 'pdfkit';

/** One piece of text as it was drawn: where, how large, in which of the document's fonts. Points from the top left corner. */
export interface DrawnText {
  page: number;
  font: string;
  size: number;
  text: string;
  x: number;
  y: number;
}

type Method = (this: PDFKit.PDFDocument, ...args: never[]) => unknown;
type Watched = Record<'addPage' | 'switchToPage' | 'font' | 'text', Method>;

/** Runs `draw` and gives every piece of text that pdfkit was told to draw meanwhile, page by page. */
export async function textDrawnBy(draw: () => Promise<unknown>): Promise<DrawnText[]> {
  const drawn: DrawnText[] = [];
  const at = { page: -1, pages: 0, font: '', size: 0 };
  const prototype = PDFDocument.prototype as unknown as Watched;
  const original: Watched = { ...pick(prototype) };
  const watch = (name: keyof Watched, note: (...args: never[]) => void) => {
    prototype[name] = function (...args) {
      note(...args);
      return original[name].apply(this, args);
    };
  };
  watch('addPage', () => (at.page = at.pages++));
  watch('switchToPage', (page: number) => (at.page = page));
  watch('font', (font: string, size: number) => Object.assign(at, { font, size }));
  watch('text', (text: string, x: number, y: number) => {
    drawn.push({ page: at.page, font: at.font, size: at.size, text, x, y });
  });
  try {
    await draw();
  } finally {
    Object.assign(prototype, original);
  }
  return drawn.sort((a, b) => a.page - b.page);
}

const pick = ({ addPage, switchToPage, font, text }: Watched): Watched => ({ addPage, switchToPage, font, text });
