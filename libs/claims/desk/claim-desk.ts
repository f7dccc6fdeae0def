import { Inject, Injectable } from '@nestjs/common';
import { formatDays, londonDate, type Problem } from '#kernel';
import { may, PAYER_ORGANISATION, peopleById, peopleWithRole, requireMay, scopeOf, type Person } from '#identity';
import { loadAuthority, TermsStore, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { allowedOf, undistinguishedProblems } from '../approve-claim.js';
import { ASSIGNEE_ROLES } from '../assign-claim.js';
import { ClaimReader } from '../claim-reader.js';
import { loadClaim, type ClaimRecord } from '../claim-record.js';
import { FINDING_STATES, unprovenPayments } from '../domain/index.js';
import { frozenLines } from '../frozen-lines.js';
import { type ClaimOnDesk, type Waiting, type WouldBeApproved } from './desk.view.js';
import { waitingSql, type Desk } from './waiting-sql.js';

/** Reads for the payer's people at work on claims: one claim, the queue's numbers, colleagues. */
@Injectable()
export class ClaimDesk {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** Throws not_found, also for another authority's; forbidden. */
  get(actor: Actor, id: string): Promise<ClaimOnDesk> {
    return this.uow.read(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'look');
      requireMay(actor, 'claim.read_mtm', { authority: claim.authority_code });
      const terms = await this.termsOf(tx, claim);
      const waits = isDecided(claim);
      return {
        claim: await this.reader.view(tx, claim),
        authorityName: (await loadAuthority(tx, claim.authority_code)).name,
        ...labelsOf(terms),
        ...(await peopleOf(tx, claim)),
        reviewedAt: claim.reviewed_at?.toISOString() ?? null,
        approvedAt: claim.approved_at?.toISOString() ?? null,
        mayApprove: waits ? await approversFor(tx, claim) : [],
        wouldBe: waits ? wouldBeOf(claim, terms, new Set(disallowedIn(claim))) : null,
        lacking: waits ? await lackingIn(tx, claim) : [],
      };
    });
  }

  /**
   * What approval would come to if these lines were disallowed; keeps nothing. Lines that are not the claim's are not looked at.
   * Null unless the claim waits for review or approval. Throws not_found, forbidden.
   */
  wouldBe(actor: Actor, id: string, disallowed: ReadonlySet<string>): Promise<WouldBeApproved | null> {
    return this.uow.read(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'look');
      requireMay(actor, 'claim.read_mtm', { authority: claim.authority_code });
      if (!isDecided(claim)) return null;
      return wouldBeOf(claim, await this.termsOf(tx, claim), disallowed);
    });
  }

  /** Whom a claim can be assigned to, by name. Throws forbidden. */
  colleagues(actor: Actor): Promise<Person[]> {
    requireMay(actor, 'claim.read_mtm');
    return this.uow.read(actor, (tx) => peopleWithRole(tx, PAYER_ORGANISATION, ASSIGNEE_ROLES));
  }

  /** The names of users. Throws forbidden. */
  people(actor: Actor, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, Person>> {
    requireMay(actor, 'claim.read_mtm');
    return this.uow.read(actor, (tx) => peopleById(tx, ids));
  }

  /** How much waits. Each number ends at MOST_COUNTED, so that it costs little however long the queue is. Throws forbidden. */
  waiting(actor: Actor, desk: Desk): Promise<Waiting> {
    requireMay(actor, 'claim.read_mtm');
    return this.uow.read(actor, async (tx) => {
      const [row] = await tx.query<Waiting>(waitingSql(desk), [desk.authority ?? null, desk.assignedTo ?? null]);
      return row!;
    });
  }

  private async termsOf(tx: Tx, claim: ClaimRecord): Promise<ProgrammeTerms> {
    if (claim.terms_id !== null) return (await this.terms.byId(tx, claim.terms_id)).terms;
    return (await this.terms.inForce(tx, claim.programme_code, londonDate(tx.now))).terms;
  }
}

const isDecided = ({ state }: ClaimRecord): boolean => (FINDING_STATES as readonly string[]).includes(state);

const disallowedIn = (claim: ClaimRecord): string[] =>
  claim.invoices.flatMap(({ lines }) => lines.filter(({ decision }) => decision === 'disallow').map(({ id }) => id));

const labelsOf = (terms: ProgrammeTerms) => ({
  payer: terms.payer.shortName,
  funder: terms.funder.shortName,
  paidWithinDays: terms.payment.withinDays,
  categories: terms.categories.map(({ code, label, kind }) => ({ code, label, atCost: kind === 'at_cost' })),
  rates: [...new Map(terms.dayRates.map(({ code, label }) => [code, { code, label }])).values()],
});

async function peopleOf(tx: Tx, claim: ClaimRecord) {
  const { submitted_by: submittedBy, reviewed_by: reviewedBy, approved_by: approvedBy } = claim;
  const { held_by: heldBy, assigned_to: assignedTo } = claim;
  const people = await peopleById(tx, [submittedBy, reviewedBy, approvedBy, heldBy, assignedTo, ...claim.makers]);
  const named = (id: string | null): Person | null => (id === null ? null : (people.get(id) ?? null));
  return {
    submittedBy: named(submittedBy),
    reviewedBy: named(reviewedBy),
    approvedBy: named(approvedBy),
    heldBy: named(heldBy),
    assignedTo: named(assignedTo),
    makers: claim.makers.map((id) => ({ id, person: named(id) })),
    approvers: approvedBy === null ? [] : [approvedBy],
  };
}

async function approversFor(tx: Tx, claim: ClaimRecord): Promise<Person[]> {
  const subject = { authority: claim.authority_code, makers: claim.makers };
  const people = await peopleWithRole(tx, PAYER_ORGANISATION, ['mtm_approver']);
  return people.filter(
    ({ id, organisation, roles }) =>
      may({ userId: id, scope: scopeOf(organisation), roles }, 'claim.approve', subject).allowed,
  );
}

async function lackingIn(tx: Tx, claim: ClaimRecord): Promise<Problem[]> {
  return [...unprovenPayments(claim.invoices, londonDate(tx.now)), ...(await undistinguishedProblems(tx, claim))];
}

function wouldBeOf(claim: ClaimRecord, terms: ProgrammeTerms, disallowed: ReadonlySet<string>): WouldBeApproved {
  const lines = frozenLines(claim, terms).map((line) => ({
    ...line,
    decision: disallowed.has(line.id) ? ('disallow' as const) : ('allow' as const),
  }));
  const allowed = allowedOf(claim, terms, lines);
  const ids = new Map(lines.map(({ id, path }) => [path, id]));
  return {
    claimedPence: allowed.claimedPence,
    approvedPence: allowed.approvedPence,
    creditPence: allowed.creditPence,
    categories: terms.categories
      .map(({ code, label }) => ({ code, label, of: allowed.categories[code]! }))
      .filter(({ of }) => of.claimedPence > 0)
      .map(({ code, label, of: { claimedPence, approvedPence } }) => ({ code, label, claimedPence, approvedPence })),
    releasedDays: Object.entries(allowed.releasedDays)
      .filter(([, days]) => days > 0)
      .map(([code, days]) => ({ label: terms.allocations[code]?.label ?? code, days: formatDays(days) })),
    consequential: allowed.consequential.map((path) => ids.get(path)!),
    allDisallowed: allowed.allDisallowed,
  };
}
