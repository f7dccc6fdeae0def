import { Inject, Injectable } from '@nestjs/common';
import {
  ClaimQueries,
  DocumentQueries,
  MessageQueries,
  MOST_FILES_OF_CLAIM,
  ReadEvidence,
  type ClaimView,
} from '#claims';
import { canRecordFindings, isEditable } from '#claims/domain';
import { AssuranceQueries } from '#funding';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { attempt, linesIn, partIn, partOf, partsOf, placedLines, view, viewAgain, type View } from '../page/index.js';
import { evidenceRights, missingProof } from '../evidence/evidence.presenter.js';
import { claimSteps } from './claim-steps.presenter.js';
import {
  claimCategories,
  claimDocuments,
  claimFigures,
  claimLines,
  claimSummary,
  namedClaim,
} from './claim.presenter.js';
import { claimName } from './claims-list.presenter.js';
import { timelineOf } from './timeline.presenter.js';

/** A claim has few documents: one invoice and one credit note each time it is submitted. */
const MOST_DOCUMENTS = 200;
/** The newest of what goes on growing; pages of their own have all of it. */
const NEWEST = { timeline: '20', messages: '10' } as const;

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

  /** `asked` is the part of a long claim's lines to show. */
  async view(actor: Actor, claimId: string, { asked, again }: { asked?: unknown; again?: Again } = {}): Promise<View> {
    const claim = await this.claims.get(actor, claimId);
    const [names, timeline, returned, documents, evidence, messages, wanted] = await Promise.all([
      this.claims.names(actor, claimId),
      this.claims.trail(actor, claimId, { limit: NEWEST.timeline }),
      this.claims.lastReturn(actor, claimId),
      this.documents.list(actor, claimId, null, MOST_DOCUMENTS),
      // Administrators see claims and not their evidence.
      attempt(() => this.evidence.list(actor, claimId, { limit: MOST_FILES_OF_CLAIM, after: null })),
      this.messages.list(actor, claimId, { limit: NEWEST.messages }),
      attempt(() => this.assurance.items(actor, { claimId, state: 'requested', limit: '1' })),
    ]);
    const reader = { names, own: actor.scope === claim.authority };
    const shown = namedClaim(claim, names);
    const data = {
      ...{ claim: shown, names, own: reader.own },
      name: claimName(claim),
      steps: claimSteps(actor, claim),
      summary: claimSummary(shown, reader),
      categories: claimCategories(claim, names.categories),
      figures: claimFigures(claim, reader),
      ...linesOf(claim, names.categories, asked),
      timeline: timelineOf(timeline.items),
      earlier: timeline.nextCursor !== null,
      returned,
      messages: messages.items,
      moreMessages: messages.nextCursor !== null,
      // Until it is approved, a claim waits for what is missing here; afterwards somebody has been satisfied.
      missing: evidence.ok && waitsForProof(claim) ? missingProof(claim, evidence.value) : [],
      mayAddEvidence: evidenceRights(actor, claim).mayAdd,
      evidenceAskedAt: wanted.ok ? wanted.value.items[0]?.requestedAt : undefined,
      ...claimDocuments(claimId, { documents, evidence: evidence.ok ? evidence.value : [] }, reader),
    };
    return again ? viewAgain('claims/claim.njk', { ...data, ...again }) : view('claims/claim.njk', data);
  }
}

/** The lines of a claim, those of one part when there are many, and how many there are. */
function linesOf(claim: ClaimView, labels: ReadonlyMap<string, string>, asked: unknown) {
  const { trainerInvoices } = claim;
  const lineCount = linesIn(trainerInvoices);
  const part = partOf(asked, lineCount);
  return {
    lineCount,
    parts: partsOf(trainerInvoices, part),
    invoices: claimLines(claim, labels, partIn(placedLines(trainerInvoices), part)),
  };
}

const waitsForProof = ({ state }: ClaimView): boolean => isEditable(state) || canRecordFindings(state);
