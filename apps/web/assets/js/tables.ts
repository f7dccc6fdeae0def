import { SortableTable } from '@ministryofjustice/frontend';
import { createAll } from 'govuk-frontend';

// The rows of the page at hand, by any column; the order of the whole list is the server's.
createAll(SortableTable);
