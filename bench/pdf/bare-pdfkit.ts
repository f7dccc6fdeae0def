import { createRequire } from 'node:module';
import { openSync } from 'fontkit';
import PDFDocument from 'pdfkit';
import { faces } from '../../libs/platform/pdf/fonts.js';
import { type DrawnText } from './drawn-text.js';

const resolve = createRequire(import.meta.url).resolve;

/** The fonts of the documents, by the names they are drawn under. */
export const FONT_FILES: Readonly<Record<string, string>> = {
  'PublicSans-Regular': resolve('@expo-google-fonts/public-sans/400Regular/PublicSans_400Regular.ttf'),
  'PublicSans-SemiBold': resolve('@expo-google-fonts/public-sans/600SemiBold/PublicSans_600SemiBold.ttf'),
};

export type CachedFonts = readonly { name: string; font: unknown }[];

/** Parsed once by fontkit, as any program would that makes more than one document. */
export const PARSED_FONTS: CachedFonts = Object.entries(FONT_FILES).map(([name, file]) => ({
  name,
  font: openSync(file),
}));

/** Ours: parsed once, and the shaping of words kept from one document to the next. */
export const OUR_FONTS: CachedFonts = [...faces('regular'), ...faces('bold')].map((font) => ({
  name: font.postscriptName,
  font,
}));

/**
 * The least that pdfkit can do to put the same words in the same places: nothing is measured or wrapped, no tags, no
 * metadata, no attachment, no rules, one colour.
 */
export async function drawBare(drawn: readonly DrawnText[], fonts: CachedFonts): Promise<Buffer> {
  const doc = new PDFDocument({ autoFirstPage: false, size: 'A4', margin: 0, font: null as unknown as string });
  for (const { name, font } of fonts) doc.registerFont(name, font as unknown as Buffer);
  let page = -1;
  for (const { page: on, font, size, text, x, y } of drawn) {
    for (; page < on; page++) doc.addPage();
    doc.font(font, size).text(text, x, y, { lineBreak: false, baseline: 'alphabetic' });
  }
  doc.end();
  return doc.read() as unknown as Buffer;
}
