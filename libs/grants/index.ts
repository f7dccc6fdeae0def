export { EntryInput, QuarterInput } from './entry.input.js';
export { GrantEntryFilters, GrantFilters, GrantImportQuery, GrantQueries } from './grant.queries.js';
export { GrantEntryView, GrantImportView, GrantQuarterView, GrantView } from './grant.view.js';
export { GrantsModule } from './grants.module.js';
export { grantTemplate } from './imports/entry-columns.js';
export { ImportGrantEntries, MOST_GRANT_IMPORT_BYTES } from './imports/import-entries.js';
export { RecordGrantEntry } from './record-entry.js';
export { GrantInput, UpdateGrant } from './update-grant.js';
export { UpdateGrantQuarter } from './update-quarter.js';
