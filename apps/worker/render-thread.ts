import { renderWith } from '#documents/domain';
import { serveRequests } from '#platform/pdf';
import { documentKinds } from './document-kinds.js';

/** What a thread of RenderPool runs. */
serveRequests(renderWith(documentKinds));
