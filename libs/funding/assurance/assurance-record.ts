import { notFound } from '#kernel';
import { type Tx } from '#platform/database';
import { type WhyDrawn } from '../domain/index.js';
import { type AssuranceItemView, type ItemState, type SampleView } from './assurance.view.js';

type SampleRow = Omit<SampleView, 'drawnAt'> & { drawnAt: Date };

export const SAMPLES = `SELECT s.id, s.programme_code AS programme, s.seed, s.from_on AS "from", s.to_on AS "to", s.threshold_pence AS "thresholdPence",
    s.value_percent AS "valuePercent", s.population_count AS "populationCount", s.population_pence AS "populationPence",
    s.population_sha256 AS "populationSha256", s.item_count AS "itemCount", s.item_pence AS "itemPence",
    i.requested AS "requestedCount", i.passed AS "passedCount", i.failed AS "failedCount", s.drawn_by AS "drawnBy", s.drawn_at AS "drawnAt"
  FROM assurance_sample s CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE state = 'requested'))::int AS requested, (count(*) FILTER (WHERE state = 'passed'))::int AS passed,
           (count(*) FILTER (WHERE state = 'failed'))::int AS failed FROM assurance_item WHERE sample_id = s.id) i`;

export const sampleView = (row: SampleRow): SampleView => ({ ...row, drawnAt: row.drawnAt.toISOString() });

/** Throws not_found, also for an authority's user. */
export async function loadSample(tx: Tx, id: string): Promise<SampleView> {
  const [row] = await tx.query<SampleRow>(`${SAMPLES} WHERE s.id = $1`, [id]);
  if (!row) throw notFound('assurance sample');
  return sampleView(row);
}

/** As many samples as asked for, before one of them, newest first. */
export function readSamples(tx: Tx, before: unknown, limit: number): Promise<SampleRow[]> {
  return tx.query<SampleRow>(`${SAMPLES} WHERE ($1::uuid IS NULL OR s.id < $1) ORDER BY s.id DESC LIMIT $2`, [
    before,
    limit,
  ]);
}

export interface ItemRow {
  id: string;
  sampleId: string;
  claimId: string;
  authority: string;
  invoiceNumber: string;
  place: number;
  why: WhyDrawn;
  amountPence: number;
  state: ItemState;
  requestedAt: Date;
  evidenceCount: number;
  lastEvidenceAt: Date | null;
  reason: string | null;
  recordedBy: string | null;
  recordedAt: Date | null;
  adjustmentId: string | null;
  version: number;
}

export const ITEMS = `SELECT i.id, i.sample_id AS "sampleId", i.claim_id AS "claimId", i.authority_code AS authority, c.invoice_number AS "invoiceNumber",
    i.place, i.why, i.pence AS "amountPence", i.state, i.requested_at AS "requestedAt", e.count AS "evidenceCount", e.last AS "lastEvidenceAt",
    i.reason, i.recorded_by AS "recordedBy", i.recorded_at AS "recordedAt", i.adjustment_id AS "adjustmentId", i.version
  FROM assurance_item i JOIN claim c ON c.id = i.claim_id CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, max(uploaded_at) AS last FROM evidence
     WHERE claim_id = i.claim_id AND uploaded_at >= i.requested_at AND removed_at IS NULL) e`;

export const itemView = (row: ItemRow): AssuranceItemView => ({
  ...row,
  requestedAt: row.requestedAt.toISOString(),
  lastEvidenceAt: row.lastEvidenceAt?.toISOString() ?? null,
  recordedAt: row.recordedAt?.toISOString() ?? null,
});

/** Throws not_found, also for another authority's. */
export async function loadItem(tx: Tx, id: string): Promise<ItemRow> {
  const [row] = await tx.query<ItemRow>(`${ITEMS} WHERE i.id = $1`, [id]);
  if (!row) throw notFound('assurance item');
  return row;
}
