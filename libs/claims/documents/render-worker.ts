import { serveRequests } from '#platform/pdf';
import type { DocumentModel } from './document-model.js';
import { renderDocument } from './render-document.js';

/** What a thread of RenderPool runs. */
serveRequests((model: DocumentModel) => renderDocument(model));
