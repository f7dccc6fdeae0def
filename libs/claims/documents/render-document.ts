import type { DocumentModel } from './document-model.js';
import { drawDocument } from './document-pdf.js';
import { buildUbl } from './ubl.js';

/** The two files of a document. The PDF holds the XML as its attachment. */
export interface RenderedDocument {
  pdf: Buffer;
  xml: Buffer;
}

/**
 * Renders a claim invoice or credit note on the calling thread, some milliseconds of it: services use RenderPool. The same
 * model gives the same bytes within one build. Throws InvalidValue for a model without an amount, whose sums are wrong, or
 * which holds a character that no embedded font or XML has.
 */
export async function renderDocument(model: DocumentModel): Promise<RenderedDocument> {
  const xml = buildUbl(model);
  return { pdf: drawDocument(model, xml), xml };
}
