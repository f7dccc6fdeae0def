import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { londonDate, malformed, refused, sumPence } from '#kernel';
import { appendAudits } from '#audit';
import { ADJUSTABLE_STATES } from '#claims/domain';
import { requireMay } from '#identity';
import { TermsStore } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput } from '#platform/validation';
import { drawSample, populationHash, type Drawable, type Drawn } from '../domain/index.js';
import { programmeMeant, termsToday } from '../programme-funding.js';
import { SampleInput } from './assurance.input.js';
import { loadSample } from './assurance-record.js';
import { type SampleView } from './assurance.view.js';
import { AskForEvidence } from './ask-for-evidence.js';

/** A draw reads its population into memory. */
const LARGEST_POPULATION = 100_000;

/**
 * Draws a sample of approved claims and asks their authorities for evidence (docs/assurance.md). There is no preview: who
 * could look before drawing could draw until the sample pleases.
 */
@Injectable()
export class DrawSample {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(AskForEvidence) private readonly asking: AskForEvidence,
  ) {}

  /** Throws malformed, not_found, forbidden, refused `period_not_over`, `nothing_to_sample`, `population_too_large`. */
  run(actor: Actor, body: unknown): Promise<SampleView> {
    const input = validateInput(SampleInput, body);
    return this.uow.run(actor, async (tx) => {
      const programme = await programmeMeant(tx, input.programme);
      requireMay(actor, 'assurance.draw');
      requirePeriod(input, londonDate(tx.now));
      const population = await readPopulation(tx, programme, input);
      const rule = {
        seed: input.seed ?? randomBytes(8).toString('hex'),
        thresholdPence: input.thresholdPence,
        valuePercent: input.valuePercent ?? 10,
      };
      const drawn = drawSample(population, rule);
      const id = uuid();
      await store(tx, { id, programme, input, rule, population, drawn });
      await this.asking.run(tx, id, await termsToday(tx, this.terms, programme));
      await tell(tx, { id, programme, drawn });
      return loadSample(tx, id);
    });
  }
}

function requirePeriod({ from, to }: SampleInput, today: string): void {
  if (from > to) throw malformed([{ path: 'to', code: 'out_of_range', message: 'This is before the first day.' }]);
  if (to < today) return;
  throw refused('period_not_over', 'Claims may still be approved on that day. Draw from days that are over.', [
    { path: 'to', code: 'period_not_over', message: 'This day is not over.' },
  ]);
}

/** Approved in the period, and still: what was rejected since was never paid. */
async function readPopulation(tx: Tx, programme: string, { from, to }: SampleInput): Promise<Drawable[]> {
  const population = await tx.query<Drawable>(
    `SELECT c.id, c.authority_code AS authority, c.approved_pence AS pence FROM claim c
      WHERE c.programme_code = $1 AND c.state = ANY ($2) AND c.approved_pence > 0
        AND c.approved_at >= $3::date::timestamp AT TIME ZONE 'Europe/London'
        AND c.approved_at < ($4::date + 1)::timestamp AT TIME ZONE 'Europe/London' ORDER BY c.id LIMIT $5`,
    [programme, ADJUSTABLE_STATES, from, to, LARGEST_POPULATION + 1],
  );
  if (population.length === 0) throw refused('nothing_to_sample', 'No claim was approved in this period.');
  if (population.length > LARGEST_POPULATION) {
    const most = LARGEST_POPULATION.toLocaleString('en-GB');
    throw refused('population_too_large', `More than ${most} claims were approved. Choose a shorter period.`);
  }
  return population;
}

interface Draw {
  id: string;
  programme: string;
  input: SampleInput;
  rule: { seed: string; thresholdPence: number; valuePercent: number };
  population: readonly Drawable[];
  drawn: readonly Drawn[];
}

async function store(tx: Tx, { id, programme, input, rule, population, drawn }: Draw): Promise<void> {
  const worth = (claims: readonly Drawable[]) => sumPence(claims.map(({ pence }) => pence));
  await tx.execute(
    `INSERT INTO assurance_sample (id, programme_code, seed, from_on, to_on, threshold_pence, value_percent, population_count,
                                   population_pence, population_sha256, item_count, item_pence, drawn_by, drawn_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[id, programme, rule.seed, input.from, input.to, rule.thresholdPence, rule.valuePercent, population.length],
      ...[worth(population), populationHash(population), drawn.length, worth(drawn), tx.actor.userId, tx.now],
    ],
  );
  await tx.execute(
    `INSERT INTO assurance_population (sample_id, programme_code, claim_id, authority_code, pence)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::bigint[])`,
    [
      ...[id, programme],
      ...[population.map((one) => one.id), population.map((one) => one.authority), population.map((one) => one.pence)],
    ],
  );
  const items = drawn.map((one, at) => ({ ...one, itemId: uuid(), place: at + 1 }));
  await tx.execute(
    // By claim, which is how everybody locks claims.
    `INSERT INTO assurance_item (id, sample_id, claim_id, authority_code, place, why, pence, requested_at)
     SELECT i.id, $1, i.claim_id, i.authority, i.place, i.why, i.pence, $2
       FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::text[], $8::bigint[])
         AS i (id, claim_id, authority, place, why, pence) ORDER BY i.claim_id`,
    [
      ...[id, tx.now, items.map((one) => one.itemId), items.map((one) => one.id), items.map((one) => one.authority)],
      ...[items.map((one) => one.place), items.map((one) => one.why), items.map((one) => one.pence)],
    ],
  );
}

/** Each claim's own trail, which its timeline shows, and the programme's. */
async function tell(tx: Tx, { id, programme, drawn }: Pick<Draw, 'id' | 'programme' | 'drawn'>): Promise<void> {
  const sample = await loadSample(tx, id);
  const { seed, from, to, thresholdPence, valuePercent, populationCount, populationSha256, itemCount, itemPence } =
    sample;
  await appendAudits(tx, [
    ...drawn.map((one) => ({
      chain: one.authority,
      action: 'assurance.evidence_requested',
      subjectType: 'assurance_sample',
      subjectId: id,
      claimId: one.id,
      after: { why: one.why, amountPence: one.pence },
    })),
    {
      chain: programme,
      action: 'assurance.sample_drawn',
      subjectType: 'assurance_sample',
      subjectId: id,
      after: {
        ...{ seed, from, to, thresholdPence, valuePercent, populationCount, populationSha256, itemCount, itemPence },
      },
    },
  ]);
}
