import { renderWith } from '#documents/domain';
import { grantRenderers } from '#grants/documents';
import { serveRequests } from '#platform/pdf';

/** What a thread that renders annual statements for the pages runs. */
serveRequests(renderWith(grantRenderers));
