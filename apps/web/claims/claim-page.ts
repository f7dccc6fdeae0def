import { Inject, Injectable } from '@nestjs/common';
import { ClaimQueries, DocumentQueries, MessageQueries, ReadEvidence, type ClaimView } from '#claims';
import { canRecordFindings, isEditable } from '#claims/domain';
import { AssuranceQueries } from '#funding';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { attempt, view, viewAgain, type View } from '../page/index.js';
import { evidenceRights, missingProof } from '../evidence/evidence.presenter.js';
import { claimSteps } from './claim-steps.presenter.js';
import { claimCategories, claimDocuments, claimFigures, claimLines, claimSummary } from './claim.presenter.js';
import { claimName } from './claims-list.presenter.js';
import { returnedWith, timelineOf } from './timeline.presenter.js';

/** A claim has few documents and files; its trail and its messages may be more, of which the page shows these. */
const MOST_SHOWN = 200;

/** What was typed into a form of the page and could not be done. */
interface Again {
  errors: readonly Problem[];
  message: string;
}

/** The page of one claim, which several controllers answer with. */
@Injectable()
export class ClaimPage {
  constructor(
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(DocumentQueries) private readonly documents: DocumentQueries,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
    @Inject(MessageQueries) private readonly messages: MessageQueries,
    @Inject(AssuranceQueries) private readonly assurance: AssuranceQueries,
  ) {}

  async view(actor: Actor, claimId: string, again?: Again): Promise<View> {
    const claim = await this.claims.get(actor, claimId);
    const [labels, timeline, documents, evidence, messages, asked] = await Promise.all([
      this.claims.categoryLabels(actor, claimId),
      this.claims.timeline(actor, claimId, null, MOST_SHOWN),
      this.documents.list(actor, claimId, null, MOST_SHOWN),
      // Administrators see claims and not their evidence.
      attempt(() => this.evidence.list(actor, claimId, { limit: MOST_SHOWN, after: null })),
      this.messages.list(actor, claimId),
      attempt(() => this.assurance.items(actor, { claimId, state: 'requested', limit: '1' })),
    ]);
    const data = {
      claim,
      name: claimName(claim),
      steps: claimSteps(actor, claim),
      summary: claimSummary(claim),
      categories: claimCategories(claim, labels),
      figures: claimFigures(claim),
      invoices: claimLines(claim, labels),
      timeline: timelineOf(timeline),
      returned: returnedWith(claim, timeline),
      messages: messages.items,
      // Until it is approved, a claim waits for what is missing here; afterwards somebody has been satisfied.
      missing: evidence.ok && waitsForProof(claim) ? missingProof(claim, evidence.value) : [],
      mayAddEvidence: evidenceRights(actor, claim).mayAdd,
      evidenceAskedAt: asked.ok ? asked.value.items[0]?.requestedAt : undefined,
      ...claimDocuments(claimId, documents, evidence.ok ? evidence.value : []),
    };
    return again ? viewAgain('claims/claim.njk', { ...data, ...again }) : view('claims/claim.njk', data);
  }
}

const waitsForProof = ({ state }: ClaimView): boolean => isEditable(state) || canRecordFindings(state);
