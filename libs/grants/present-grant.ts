import { londonDate } from '#kernel';
import { type Tx } from '#platform/database';
import {
  financialYearLabel,
  summariseGrant,
  type GrantFacts,
  type GrantSummary,
  type QuarterFigures,
} from './domain/index.js';
import { doubleCosts } from './double-cost.queries.js';
import { readFacts, type GrantDetails, type GrantKey } from './grant-record.js';
import { type GrantQuarterView, type GrantView, type GrantYearView } from './grant.view.js';

/** The grant as it is now, every figure with its working. */
export async function presentGrant(tx: Tx, key: GrantKey): Promise<GrantView> {
  const { details, facts } = await readFacts(tx, key, londonDate(tx.now));
  const summary = summariseGrant(facts);
  return {
    ...head(key, details, facts),
    ...figures(summary),
    receipt: details.receipt && {
      ...details.receipt,
      differencePence: details.receipt.amountPence - summary.workedOutPence,
    },
    flags: await doubleCosts(tx, key),
  };
}

function head(key: GrantKey, details: GrantDetails, facts: GrantFacts) {
  const { receipt, post, holders, version } = details;
  return {
    programme: key.programme,
    authority: key.authority,
    label: key.terms.label,
    currency: key.terms.currency,
    receivedOn: receipt?.receivedOn ?? null,
    post,
    posts: [...key.terms.posts],
    holders,
    underspend: facts.underspend,
    underspendChosen: details.underspend,
    version,
  };
}

function figures(summary: GrantSummary) {
  const { quarters, years, working, ...totals } = summary;
  return {
    ...totals,
    quarters: quarters.map(quarterView),
    years: years.map((figuresOf): GrantYearView => ({ ...figuresOf, label: financialYearLabel(figuresOf.year) })),
    working: [...working],
  };
}

export const quarterView = ({ quarter, entryCount: _, ...rest }: QuarterFigures): GrantQuarterView => ({
  quarter: quarter.code,
  label: quarter.label,
  from: quarter.from,
  to: quarter.to,
  ...rest,
});
