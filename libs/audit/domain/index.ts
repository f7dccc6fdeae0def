export {
  canonicalFields,
  checkpointHash,
  entryHash,
  NO_HASH,
  type ChainHead,
  type Checkpoint,
  type StoredEntry,
} from './canonical.js';
export { ChainCheck } from './chain-check.js';
export { FINDING_KINDS, Findings, MAX_FINDINGS, type Finding, type FindingKind } from './findings.js';
