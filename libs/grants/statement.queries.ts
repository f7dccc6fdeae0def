import { Inject, Injectable } from '@nestjs/common';
import { londonDate, notFound } from '#kernel';
import { requireMay } from '#identity';
import { TermsStore, type AuthorityProfile } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { IntegerField } from '#platform/validation';
import {
  financialYearLabel,
  financialYearOf,
  statementFigures,
  summariseGrant,
  type StatementFigures,
} from './domain/index.js';
import { type GrantStatementModel } from './documents/index.js';
import { findGrantOf, readFacts, type GrantDetails, type GrantKey } from './grant-record.js';
import { GrantFilters } from './grant.queries.js';

export class StatementFilters extends GrantFilters {
  @IntegerField({
    min: 1900,
    max: 2998,
    optional: true,
    description: 'The financial year that begins on 1 April of this year; left out: the one that is running.',
  })
  year?: number;
}

/** What the annual statement for the section 151 officer prints. */
@Injectable()
export class GrantStatements {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws not_found, also for a year the grant has no quarter in and for one that has not begun; forbidden. */
  model(actor: Actor, code: string, filters: StatementFilters): Promise<GrantStatementModel> {
    return this.uow.read(actor, async (tx) => {
      const { key, profile } = await findGrantOf(tx, code, filters.programme ?? null);
      requireMay(actor, 'grant.read', { authority: code });
      const today = londonDate(tx.now);
      const { year = financialYearOf(today) } = filters;
      const { details, facts } = await readFacts(tx, key, today);
      const summary = summariseGrant(facts);
      const figures = statementFigures(facts, summary, year);
      if (figures === null || figures.from > today) throw notFound('financial year of this grant');
      const { terms } = await this.terms.inForce(tx, key.programme, today);
      return {
        ...head(key, profile, details),
        programme: { code: key.programme, name: await programmeName(tx, key.programme) },
        funder: terms.funder.name,
        year: { label: financialYearLabel(year), from: figures.from, to: figures.to },
        upTo: today <= figures.to ? today : null,
        workedOut: summary.working.find((one) => one.for === 'workedOutPence')!.text,
        carriedForward: facts.underspend === 'carried_forward',
        ...amounts(figures),
        entries: await yearEntries(tx, key, figures),
      };
    });
  }
}

const head = (
  { terms }: GrantKey,
  { legalName, onsCode }: AuthorityProfile,
  { post, receipt, holders }: GrantDetails,
) => ({
  authority: { legalName, onsCode },
  label: terms.label,
  currency: terms.currency,
  post: terms.posts.find(({ code }) => code === post)?.label ?? null,
  holders,
  receipt,
});

const amounts = (figures: StatementFigures) => ({
  openingPence: figures.openingPence,
  receivedPence: figures.receivedPence,
  spentPence: figures.spentPence,
  returnedPence: figures.returnedPence,
  closingPence: figures.closingPence,
  quarters: figures.quarters.map(({ quarter, spentPence, variancePence, varianceReason }) => ({
    label: quarter.label,
    spentPence,
    variancePence,
    varianceReason,
  })),
});

async function programmeName(tx: Tx, code: string): Promise<string> {
  const [row] = await tx.query<{ name: string }>('SELECT name FROM programme WHERE code = $1', [code]);
  return row!.name;
}

interface EntryLine {
  quarter: string;
  incurred_on: string | null;
  description: string;
  supplier: string | null;
  supplier_reference: string | null;
  amount: number;
}

/** What counts in the year, by quarter, date and the order of entering. */
async function yearEntries(
  tx: Tx,
  key: GrantKey,
  { quarters }: StatementFigures,
): Promise<GrantStatementModel['entries']> {
  const labels = new Map(quarters.map(({ quarter }) => [quarter.code, quarter.label]));
  const rows = await tx.query<EntryLine>(
    `SELECT quarter, incurred_on, description, supplier, supplier_reference, amount_pence AS amount FROM grant_entry e
      WHERE programme_code = $1 AND authority_code = $2 AND quarter = ANY ($3) AND amount_pence > 0
        AND NOT EXISTS (SELECT FROM grant_entry r WHERE r.replaces = e.id)
      ORDER BY quarter, incurred_on NULLS LAST, id`,
    [key.programme, key.authority, [...labels.keys()]],
  );
  return rows.map((row) => ({
    quarter: labels.get(row.quarter)!,
    incurredOn: row.incurred_on,
    description: row.description,
    source: [row.supplier, row.supplier_reference].filter((part) => part !== null).join(', '),
    amountPence: row.amount,
  }));
}
