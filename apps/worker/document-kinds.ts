import { claimDocumentKinds } from '#claims/documents';
import { type DocumentKinds } from '#documents/domain';
import { paymentDocumentKinds } from '#payments/documents';

/** Every kind of document the service makes. A feature with a new one adds its kinds here. */
export const documentKinds: DocumentKinds = { ...claimDocumentKinds, ...paymentDocumentKinds };

/** What a rendering thread runs: compiled, beside this module when it runs from dist. */
export const RENDER_THREAD = new URL('./render-thread.js', import.meta.url);
