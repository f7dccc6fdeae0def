import { renderWith } from '#documents/domain';
import { grantRenderers } from '#grants/documents';
import { serveRequests } from '#platform/pdf';

/** What a thread that renders on request runs. */
serveRequests(renderWith(grantRenderers));
