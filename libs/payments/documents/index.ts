import { type DocumentKind, type DocumentKinds } from '#documents/domain';
import { remittanceLetter } from './remittance-letter.js';
import { type RemittanceModel } from './remittance-model.js';
import { drawRemittance } from './remittance-pdf.js';

/** The name a remittance advice carries as a document. */
export const REMITTANCE_ADVICE = 'remittance_advice';

const remittance: DocumentKind<RemittanceModel> = {
  render: (model) => Promise.resolve({ pdf: drawRemittance(model), xml: null }),
  letter: remittanceLetter,
};

/** How the documents of payments become files and e-mails. */
export const paymentDocumentKinds: DocumentKinds = { [REMITTANCE_ADVICE]: remittance as DocumentKind };

export type { RemittanceModel, RemittedClaim, RemittedSetOff } from './remittance-model.js';
