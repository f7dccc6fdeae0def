export { claimDocumentKinds } from './claim-document-kinds.js';
export type {
  DocumentBuyer,
  DocumentCategory,
  DocumentLine,
  DocumentModel,
  DocumentSeller,
  DocumentTrainerInvoice,
} from './document-model.js';
export { renderDocument, type RenderedDocument } from './render-document.js';
export { addressUnder, buyerName } from './wording.js';
