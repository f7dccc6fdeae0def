export { EntryInput, QuarterInput } from './entry.input.js';
export { GrantEntryFilters, GrantFilters, GrantQueries } from './grant.queries.js';
export { GrantEntryView, GrantQuarterView, GrantView } from './grant.view.js';
export { GrantsModule } from './grants.module.js';
export { RecordGrantEntry } from './record-entry.js';
export { GrantInput, UpdateGrant } from './update-grant.js';
export { UpdateGrantQuarter } from './update-quarter.js';
