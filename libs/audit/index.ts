export { appendAudit, appendAudits, appendMany, lockHeads, type AuditRecord } from './append-audit.js';
export { AuditModule } from './audit.module.js';
export { CheckpointFiles } from './checkpoint-files.js';
export { ChainHeadView, CheckpointView } from './checkpoint.view.js';
export { AUDIT_COLUMNS, AuditEntryView, ListAudit, ListAuditInput } from './list-audit.js';
export { SealCheckpoint } from './seal-checkpoint.js';
export { VerifyAudit } from './verify-audit.js';
export { AuditFinding, AuditVerification, VerifyAuditInput } from './verify-audit.input.js';
