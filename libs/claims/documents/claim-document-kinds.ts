import { type DocumentKind, type DocumentKinds } from '#documents/domain';
import { claimLetter } from './claim-letter.js';
import { type DocumentModel } from './document-model.js';
import { renderDocument } from './render-document.js';

const claimDocument: DocumentKind<DocumentModel> = { render: renderDocument, letter: claimLetter };

/** How the documents of claims become files and e-mails. */
export const claimDocumentKinds: DocumentKinds = {
  invoice: claimDocument as DocumentKind,
  credit_note: claimDocument as DocumentKind,
};
