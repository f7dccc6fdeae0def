import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { EmptyInput, kinds } from '#platform/validation';
import { ItemFilters } from './assurance.input.js';
import { ITEMS, itemView, loadItem, loadSample, readSamples, sampleView, type ItemRow } from './assurance-record.js';
import { type AssuranceItemView, type PopulationItem, type SampleView } from './assurance.view.js';

/** Reads of assurance: samples are the payer's, an authority sees which of its own claims were drawn. */
@Injectable()
export class AssuranceQueries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws not_found, forbidden. */
  sample(actor: Actor, id: string): Promise<SampleView> {
    return this.uow.read(actor, async (tx) => {
      const sample = await loadSample(tx, id);
      requireMay(actor, 'assurance_sample.read');
      return sample;
    });
  }

  /** Samples, newest first. Throws malformed, forbidden. */
  samples(actor: Actor, query: unknown): Promise<Page<SampleView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'assurance_sample.read');
      const rows = await readSamples(tx, wanted.after?.[0] ?? null, wanted.limit + 1);
      return page(rows.map(sampleView), wanted.limit, (last) => [last.id]);
    });
  }

  /** What a sample was drawn from, by claim. Throws malformed, not_found, forbidden. */
  population(actor: Actor, id: string, query: unknown): Promise<Page<PopulationItem>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      await loadSample(tx, id);
      requireMay(actor, 'assurance_sample.read');
      const rows = await tx.query<PopulationItem>(
        `SELECT claim_id AS "claimId", authority_code AS authority, pence AS "amountPence" FROM assurance_population
          WHERE sample_id = $1 AND ($2::uuid IS NULL OR claim_id > $2) ORDER BY claim_id LIMIT $3`,
        [id, wanted.after?.[0] ?? null, wanted.limit + 1],
      );
      return page(rows, wanted.limit, (last) => [last.claimId]);
    });
  }

  /** Throws not_found, forbidden. */
  item(actor: Actor, id: string): Promise<AssuranceItemView> {
    return this.uow.read(actor, async (tx) => {
      const row = await loadItem(tx, id);
      requireMay(actor, 'assurance.read', { authority: row.authority });
      return itemView(row);
    });
  }

  /** Claims that were drawn, newest first. Throws malformed, forbidden. */
  items(actor: Actor, query: unknown): Promise<Page<AssuranceItemView>> {
    const { filters, page: wanted } = listQuery(ItemFilters, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'assurance.read');
      const own = actor.scope === '*' ? null : actor.scope;
      const rows = await tx.query<ItemRow>(
        `${ITEMS} WHERE ($1::uuid IS NULL OR i.sample_id = $1) AND ($2::uuid IS NULL OR i.claim_id = $2)
            AND ($3::text IS NULL OR i.authority_code = $3) AND ($4::text IS NULL OR i.authority_code = $4)
            AND ($5::text IS NULL OR i.state = $5) AND ($6::uuid IS NULL OR i.id < $6) ORDER BY i.id DESC LIMIT $7`,
        [
          ...[filters.sampleId ?? null, filters.claimId ?? null, own, filters.authority ?? null, filters.state ?? null],
          ...[wanted.after?.[0] ?? null, wanted.limit + 1],
        ],
      );
      return page(rows.map(itemView), wanted.limit, (last) => [last.id]);
    });
  }
}
