import { Inject, Injectable } from '@nestjs/common';
import { conflict, refused, type Problem } from '#kernel';
import { requireMay } from '#identity';
import { changeDays, loadAuthority, lockAllocations, type ProgrammeTerms } from '#programme';
import { UnitOfWork, violatedConstraint, type Actor, type Tx } from '#platform/database';
import { EmptyInput, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { changeState, requirePossible } from './change-state.js';
import { ClaimReader, type Assessed } from './claim-reader.js';
import { loadClaim, makersWith, type ClaimRecord } from './claim-record.js';
import { freezeLines } from './claim-store.js';
import { type ClaimView } from './claim.view.js';
import { type DocumentModel } from './documents/index.js';
import { daysByAllocation, dueOn, linePath, type Calculation } from './domain/index.js';
import { changesOf } from './frozen-lines.js';
import { issueClaimDocument, requireAddress, type IssuedDocument } from './claim-document.js';

/**
 * Submits a claim: one transaction that locks the allocation, calculates, numbers the invoice, freezes terms and figures,
 * draws the days, writes the trail and asks for the rendering. Either all of it happens or none.
 */
@Injectable()
export class SubmitClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /**
   * Throws not_found, forbidden, stale, conflict `state_conflict`, refused `claim_has_problems` with every problem,
   * `nothing_to_reimburse`, `authority_address_missing`.
   */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    validateInput(EmptyInput, body ?? {});
    try {
      return await this.uow.run(actor, (tx) => this.submit(tx, id, version));
    } catch (error) {
      // The last guard behind the check: two claims with one trainer invoice, in two transactions at once.
      if (!violatedConstraint(error).startsWith('trainer_invoice_once_by_')) throw error;
      throw conflict(
        'duplicate_trainer_invoice',
        'Another claim with one of these trainer invoices was submitted at the same time. Read yours again to see which.',
      );
    }
  }

  private async submit(tx: Tx, id: string, version?: ExpectedVersion): Promise<ClaimView> {
    const claim = await loadClaim(tx, id, 'lock');
    requireMay(tx.actor, 'claim.submit', { authority: claim.authority_code });
    honourVersion(version, claim.version);
    requirePossible(claim, 'submit');
    const allocations = await lockAllocations(tx, claim.programme_code, claim.authority_code);
    const assessed = await this.reader.assessDraft(tx, claim, allocations);
    requireNoProblems(assessed.calculation);
    const due = dueOn(assessed.terms.terms, tx.now);
    const invoice = await this.issueInvoice(tx, claim, assessed, due);
    await this.freeze(tx, claim, assessed, invoice, due);
    return this.reader.viewAfter(tx, id);
  }

  private async freeze(tx: Tx, claim: ClaimRecord, assessed: Assessed, invoice: IssuedDocument, due: string) {
    const { calculation, lines, terms } = assessed;
    const ids = claim.invoices.flatMap((item) => item.lines.map((line) => line.id));
    await freezeLines(tx, ids, lines);
    await changeDays(
      tx,
      { programme: claim.programme_code, authority: claim.authority_code, claimId: claim.id },
      changesOf(daysByAllocation(lines), 'reserved'),
    );
    const { totalPence, aboveRatePence } = calculation;
    await changeState(tx, [claim.id], 'submit', {
      columns: {
        terms_id: terms.id,
        calculation: JSON.stringify(calculation),
        total_pence: totalPence,
        above_rate_pence: aboveRatePence,
        submitted_at: tx.now,
        submitted_by: tx.actor.userId,
        due_on: due,
        invoice_id: invoice.id,
        invoice_number: invoice.number,
        reviewed_by: null,
        reviewed_at: null,
        makers: makersWith(claim, tx.actor),
      },
      details: {
        totalPence,
        termsVersion: terms.version,
        documentId: invoice.id,
        invoiceNumber: invoice.number,
        dueOn: due,
      },
    });
  }

  private async issueInvoice(tx: Tx, claim: ClaimRecord, assessed: Assessed, due: string): Promise<IssuedDocument> {
    const authority = await loadAuthority(tx, claim.authority_code);
    requireAddress(authority);
    const { terms } = assessed.terms;
    const [programme] = await tx.query<{ name: string }>('SELECT name FROM programme WHERE code = $1', [
      terms.programme,
    ]);
    return issueClaimDocument(tx, {
      kind: 'invoice',
      claim,
      terms,
      programmeName: programme!.name,
      authority,
      categories: documentCategories(assessed.calculation, terms),
      trainerInvoices: documentInvoices(claim, assessed, terms),
      dueOn: due,
      refersTo: null,
      reason: null,
    });
  }
}

function requireNoProblems(calculation: Calculation): void {
  const problems: Problem[] = calculation.problems;
  if (problems.length > 0) {
    throw refused(
      'claim_has_problems',
      'The claim cannot be submitted yet. Correct what is listed, then submit again.',
      problems,
    );
  }
  if (calculation.totalPence === 0) {
    throw refused('nothing_to_reimburse', 'The claim comes to nothing, so there is nothing to invoice.');
  }
}

const documentCategories = (calculation: Calculation, terms: ProgrammeTerms): DocumentModel['categories'] =>
  terms.categories.map((category) => {
    const figures = calculation.categories[category.code]!;
    return {
      code: category.code,
      label: category.label,
      netPence: figures.netPence,
      eligiblePence: figures.eligiblePence,
      reimbursementPence: figures.reimbursementPence,
      fundedDays: figures.fundedDays ?? null,
    };
  });

/** What the invoice prints of each trainer invoice: the lines as written beside what of them is eligible. */
function documentInvoices(
  claim: ClaimRecord,
  assessed: Assessed,
  terms: ProgrammeTerms,
): DocumentModel['trainerInvoices'] {
  const label = new Map(terms.categories.map((category) => [category.code, category.label]));
  const figures = new Map(assessed.lines.map((line) => [line.path, line]));
  return claim.invoices.map((invoice, invoiceAt) => ({
    trainerName: invoice.trainerName,
    number: invoice.number,
    issuedOn: invoice.issuedOn,
    lines: invoice.lines.map((line, lineAt) => {
      const figure = figures.get(linePath(invoiceAt, lineAt))!;
      return {
        kind: line.kind,
        categoryLabel: label.get(figure.category)!,
        rateLabel: terms.dayRates.find((rate) => rate.code === line.rate)?.label ?? null,
        description: line.description,
        deliveredOn: line.deliveredOn ?? [],
        trainerDays: line.trainerDays,
        ratePence: figure.ratePence,
        netPence: line.netPence,
        eligiblePence: figure.eligiblePence,
      };
    }),
  }));
}
