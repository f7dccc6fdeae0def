export type {
  DocumentBuyer,
  DocumentCategory,
  DocumentLine,
  DocumentModel,
  DocumentSeller,
  DocumentTrainerInvoice,
} from './document-model.js';
export { renderDocument, type RenderedDocument } from './render-document.js';
export { RenderPool } from './render-pool.js';
