import { claimDocumentKinds } from '#claims/documents';
import { type DocumentKinds } from '#documents/domain';

/** Every kind of document the service makes. A feature with a new one adds its kinds here. */
export const documentKinds: DocumentKinds = { ...claimDocumentKinds };

/** What a rendering thread runs: compiled, beside this module when it runs from dist. */
export const RENDER_THREAD = new URL('./render-thread.js', import.meta.url);
