import { renderDocument } from '../../libs/claims/documents/index.js';
import { type Figure } from '../figure.js';
import { drawBare, OUR_FONTS, PARSED_FONTS } from '../pdf/bare-pdfkit.js';
import { textDrawnBy, type DrawnText } from '../pdf/drawn-text.js';
import { renderReact } from '../pdf/react-page.js';
import { documentModels } from '../support/documents.js';
import { inTurns, median, medianRatio, timed } from '../support/stats.js';

/** Each on one thread, one document after another, every document with other words. */
export const pdf: Figure = {
  name: 'pdf',
  title: 'Invoice PDF with tags and XML ÷ bare pdfkit with a cached font, and ÷ @react-pdf/renderer',
  run: async ({ full, say }) => {
    const rounds = full ? 15 : 9;
    const perRound = full ? 150 : 60;
    say('Measuring PDFs …');
    const models = documentModels(perRound);
    const drawn: DrawnText[][] = [];
    for (const model of models) drawn.push(await textDrawnBy(() => renderDocument(model)));
    const candidates = {
      ours: () => eachOf(models, async (model) => (await renderDocument(model)).pdf),
      bare: () => eachOf(drawn, (texts) => drawBare(texts, PARSED_FONTS)),
      bareWithOurFonts: () => eachOf(drawn, (texts) => drawBare(texts, OUR_FONTS)),
      react: () => eachOf(drawn, renderReact),
    };
    for (const candidate of Object.values(candidates)) await candidate();
    const ms = await inTurns(rounds, candidates);
    const rate = (taken: number[]) => (perRound / median(taken)) * 1000;
    return {
      ratios: [
        { name: 'documents a second ÷ bare pdfkit', value: medianRatio(ms.bare, ms.ours), target: { atLeast: 0.6 } },
        {
          name: 'documents a second ÷ @react-pdf/renderer',
          value: medianRatio(ms.react, ms.ours),
          target: { atLeast: 3 },
        },
        {
          name: 'documents a second ÷ bare pdfkit with our cache of shaped words',
          value: medianRatio(ms.bareWithOurFonts, ms.ours),
        },
      ],
      amounts: [
        { name: 'tagged PDF/A-3a with its XML', value: rate(ms.ours), unit: '/s' },
        { name: 'bare pdfkit, the same words in the same places', value: rate(ms.bare), unit: '/s' },
        { name: 'bare pdfkit with our cache of shaped words', value: rate(ms.bareWithOurFonts), unit: '/s' },
        { name: '@react-pdf/renderer, the same words in rows', value: rate(ms.react), unit: '/s' },
      ],
      notes: [`one thread, ${rounds} rounds of ${perRound} one-page invoices, ${drawn[0]!.length} pieces of text each`],
    };
  },
};

/** Milliseconds for all. A document that is too small to be one is an error, not a good figure. */
const eachOf = <Input>(inputs: readonly Input[], make: (input: Input) => Promise<Buffer>): Promise<number> =>
  timed(async () => {
    for (const input of inputs) {
      const bytes = await make(input);
      if (bytes.length < 5_000 || bytes.subarray(0, 5).toString('latin1') !== '%PDF-')
        throw new Error('no PDF was made');
    }
  });
