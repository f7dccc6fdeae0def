import { Document, Font, Page, Text, View, renderToBuffer } from '@react-pdf/renderer';
import { createElement as h } from 'react';
import { FONT_FILES } from './bare-pdfkit.js';
import { type DrawnText } from './drawn-text.js';

for (const [family, src] of Object.entries(FONT_FILES)) Font.register({ family, src });
// Whole words, as in the document it is compared with.
Font.registerHyphenationCallback((word) => [word]);

/** A like page by @react-pdf/renderer: the same words in the same fonts and sizes, a row of texts for each row drawn. */
export function renderReact(drawn: readonly DrawnText[]): Promise<Buffer> {
  const pages = grouped(drawn, ({ page }) => page);
  const content = [...pages.values()].map((texts, index) =>
    h(Page, { key: index, size: 'A4', style: { padding: 48 } }, ...rowsOf(texts).map(row)),
  );
  return renderToBuffer(h(Document, { title: 'Claim invoice', language: 'en-GB' }, ...content));
}

/** Texts with one baseline are one row, from left to right. */
function rowsOf(texts: readonly DrawnText[]): DrawnText[][] {
  const rows = grouped(texts, ({ y }) => Math.round(y));
  return [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row.sort((a, b) => a.x - b.x));
}

const row = (texts: readonly DrawnText[], key: number) =>
  h(
    View,
    { key, style: { flexDirection: 'row', justifyContent: 'space-between' } },
    ...texts.map(({ font, size, text }, index) =>
      h(Text, { key: index, style: { fontFamily: font, fontSize: size } }, text),
    ),
  );

function grouped(texts: readonly DrawnText[], by: (text: DrawnText) => number): Map<number, DrawnText[]> {
  const groups = new Map<number, DrawnText[]>();
  for (const text of texts) groups.set(by(text), [...(groups.get(by(text)) ?? []), text]);
  return groups;
}
