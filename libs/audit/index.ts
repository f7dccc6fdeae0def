export { appendAudit, appendAudits, type AuditRecord } from './append-audit.js';
