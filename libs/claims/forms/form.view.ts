import type { ClaimState } from '../domain/index.js';
import type { DetailsContent, FormProblem, InvoiceContent } from './form-content.js';
import type { Task } from './form-tasks.js';
import type { FormWorking } from './form-working.js';
import type { FormReturn } from './return-notes.js';

/** Who did something last, and when. The name is null for anybody but the authority's own people. */
interface LastChange {
  at: string;
  by: { id: string; name: string | null };
}

export interface FormPageView<Content> {
  key: string;
  version: number;
  content: Content;
  saved: LastChange;
}

/** One claim in preparation, as a list shows it. */
export interface FormListItem {
  id: string;
  programme: string;
  authority: string;
  /** The trainers and invoice numbers, as far as they are typed. */
  title: string;
  invoiceCount: number;
  claimId: string | null;
  claimState: ClaimState | null;
  saved: LastChange;
}

/** One that was put away and can be taken out again, and who put it away. */
export interface PutAwayForm extends Omit<FormListItem, 'saved'> {
  putAway: LastChange;
  /** Another form of the same claim, started since: while it is open this one cannot be. */
  openForm: string | null;
}

/** What the pages offer to choose from: the terms in force today. */
export interface FormChoices {
  categories: { code: string; label: string; rates: string[] }[];
  rates: { code: string; label: string; pencePerTrainerDay: number }[];
  /** Per cent, lowest first. */
  vatRates: string[];
  /** What travel is called; null when the programme pays for none. */
  atCost: string | null;
}

/** Somebody else who has a page of the form open. */
export interface OtherEditor {
  name: string;
  page: string;
  at: string;
}

/** A form with all that is typed, and the words of its terms for it. */
export interface WrittenForm {
  id: string;
  programme: string;
  authority: string;
  claimId: string | null;
  claimState: ClaimState | null;
  version: number;
  discarded: boolean;
  saved: LastChange;
  details: FormPageView<DetailsContent>;
  invoices: FormPageView<InvoiceContent>[];
  /** Removed trainer invoices that can be brought back, the last removed first. */
  removed: { key: string; title: string }[];
  choices: FormChoices;
  /** Every category of the programme, in its order. */
  categories: { code: string; label: string }[];
  /** Who is claimed from, by its short name, and whose money it is. */
  parties: { payer: string; funder: string };
  /** What the claim's draft says is what the form says. False before the form was finished, and after it was changed since. */
  agreesWithClaim: boolean;
}

/** The same with what is left, what is wrong, and what it comes to so far. */
export interface FormView extends WrittenForm {
  /** While the claim is returned: what the return said. */
  returned: FormReturn | null;
  tasks: Task[];
  complete: boolean;
  problems: FormProblem[];
  working: FormWorking;
}
