import { Inject, Injectable } from '@nestjs/common';
import { londonDate } from '#kernel';
import { requireMay } from '#identity';
import { readAllocations, TermsStore, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { EmptyInput, kinds, validateInput } from '#platform/validation';
import { EDITABLE_STATES } from '../domain/index.js';
import { gatherFacts } from '../gather-facts.js';
import { bodyHash } from '../save-draft.js';
import { DETAILS, invoiceTitle, type FormContent, type InvoiceContent } from './form-content.js';
import { SaveInvoiceInput } from './form.input.js';
import {
  contentOf,
  FORM_COLUMNS,
  FORM_TABLES,
  invoiceOf,
  loadForm,
  type FormRecord,
  type FormRow,
  type PageRow,
} from './form-record.js';
import { isComplete, tasks } from './form-tasks.js';
import { workingOf, workingOfWhole, type FormWorking } from './form-working.js';
import type {
  FormChoices,
  FormListItem,
  FormPageView,
  FormView,
  OtherEditor,
  PutAwayForm,
  WrittenForm,
} from './form.view.js';
import { judgeable, judged, ruleProblems } from './judge-form.js';
import { readForm, type FormRead } from './read-form.js';
import { readReturn } from './return-notes.js';
import { overlay } from './save-page.js';

/** A page opened longer ago than this is taken for left. */
const OPEN_FOR_MINUTES = 15;
const MOST_LISTED = 200;

/** Reads of forms, and who has them open. */
@Injectable()
export class FormQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /** The authority's claims in preparation, the one changed last first. */
  list(actor: Actor): Promise<FormListItem[]> {
    requireMay(actor, 'claim.draft');
    return this.uow.read(actor, async (tx) => {
      const rows = await tx.query<FormRow & Titles>(
        `SELECT ${FORM_COLUMNS}, ${TITLES} FROM ${FORM_TABLES}
          WHERE f.authority_code = $1 AND f.discarded_at IS NULL AND (f.claim_id IS NULL OR c.state = ANY ($2))
          ORDER BY f.updated_at DESC, f.id DESC LIMIT ${MOST_LISTED}`,
        [actor.organisation, EDITABLE_STATES],
      );
      return rows.map(listItem);
    });
  }

  /** The authority's forms that were put away and can be taken out again, the last put away first. Throws malformed, forbidden. */
  putAway(actor: Actor, query: unknown): Promise<Page<PutAwayForm>> {
    requireMay(actor, 'claim.draft');
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.instant(), kinds.uuid()]);
    const after = wanted.after ?? [null, null];
    return this.uow.read(actor, async (tx) => {
      const rows = await tx.query<FormRow & Titles & { openForm: string | null }>(
        `SELECT ${FORM_COLUMNS}, ${TITLES}, ${OPEN_FORM} FROM ${FORM_TABLES}
          WHERE f.authority_code = $1 AND f.discarded_at IS NOT NULL AND (f.claim_id IS NULL OR c.state = ANY ($2))
            AND ($3::timestamptz IS NULL OR (f.discarded_at, f.id) < ($3, $4::uuid))
          ORDER BY f.discarded_at DESC, f.id DESC LIMIT $5`,
        [actor.organisation, EDITABLE_STATES, ...after, wanted.limit + 1],
      );
      const found = page(rows, wanted.limit, (last) => [last.discardedAt!.toISOString(), last.id]);
      return { ...found, items: found.items.map(putAwayForm) };
    });
  }

  /** Programmes the actor's authority takes part in: who starts a form chooses one where there are several. */
  programmes(actor: Actor): Promise<{ code: string; name: string }[]> {
    requireMay(actor, 'claim.draft');
    return this.uow.read(actor, (tx) =>
      tx.query(
        `SELECT p.code, p.name FROM programme p JOIN programme_authority a ON a.programme_code = p.code
          WHERE a.authority_code = $1 ORDER BY p.name LIMIT 100`,
        [actor.organisation],
      ),
    );
  }

  /** One form with everything a page shows of it. Throws not_found, forbidden. */
  get(actor: Actor, id: string): Promise<FormView> {
    return this.uow.read(actor, async (tx) => {
      const form = await loadForm(tx, id, 'look');
      requireMay(actor, 'claim.draft', { authority: form.authority });
      return this.view(tx, form);
    });
  }

  /** The same without what it comes to and what is wrong with it, which its claim says where there is one. Throws not_found, forbidden. */
  written(actor: Actor, id: string): Promise<WrittenForm> {
    return this.uow.read(actor, async (tx) => {
      const form = await loadForm(tx, id, 'look');
      requireMay(actor, 'claim.draft', { authority: form.authority });
      const { terms } = await this.terms.inForce(tx, form.programme, londonDate(tx.now));
      return written(form, readForm(contentOf(form)), terms);
    });
  }

  /** What the form would come to with this page as it is being typed; keeps nothing. Throws malformed, not_found, forbidden. */
  working(actor: Actor, id: string, key: string, typed: unknown): Promise<FormWorking> {
    const input = validateInput(SaveInvoiceInput, typed);
    return this.uow.read(actor, async (tx) => {
      const form = await loadForm(tx, id, 'look');
      requireMay(actor, 'claim.draft', { authority: form.authority });
      const content = overlay(invoiceOf(form, key).content, input);
      const { terms } = await this.terms.inForce(tx, form.programme, londonDate(tx.now));
      return workingOf(withPage(contentOf(form), key, content), terms);
    });
  }

  /**
   * Notes that this page was opened, and says who else has one of the form's open. Waits for a save under way, so that what is read of the
   * form afterwards has it. Throws not_found, forbidden.
   */
  open(actor: Actor, id: string, page: string): Promise<OtherEditor[]> {
    return this.uow.run(actor, async (tx) => {
      const form = await loadForm(tx, id, 'lock');
      requireMay(actor, 'claim.draft', { authority: form.authority });
      if (page !== DETAILS) invoiceOf(form, page);
      await tx.execute(
        `INSERT INTO claim_form_visit (form_id, user_id, authority_code, page, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (form_id, user_id) DO UPDATE SET page = excluded.page, at = excluded.at`,
        [id, actor.userId, form.authority, page, tx.now],
      );
      const since = new Date(tx.now.getTime() - OPEN_FOR_MINUTES * 60_000);
      const rows = await tx.query<{ name: string; page: string; at: Date }>(
        `SELECT u.name, v.page, v.at FROM claim_form_visit v JOIN user_account u ON u.id = v.user_id
          WHERE v.form_id = $1 AND v.user_id <> $2 AND v.at > $3 ORDER BY v.at DESC LIMIT 20`,
        [id, actor.userId, since],
      );
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    });
  }

  private async view(tx: Tx, form: FormRecord): Promise<FormView> {
    const { terms } = await this.terms.inForce(tx, form.programme, londonDate(tx.now));
    const content = contentOf(form);
    const read = readForm(content);
    const of = judgeable(content, read, terms);
    const assessment = judged(of, terms, await this.facts(tx, of.body, form.claimId));
    const problems = [...read.problems, ...ruleProblems(of, read, assessment)];
    const list = tasks(content, problems);
    return {
      ...written(form, read, terms),
      returned: await readReturn(tx, form, content),
      tasks: list,
      complete: isComplete(list),
      problems,
      working:
        of.whole && assessment !== null
          ? workingOfWhole(content, terms, of.body, { figures: assessment.calculation, lines: assessment.lines })
          : workingOf(content, terms),
    };
  }

  private async facts(tx: Tx, body: Parameters<typeof gatherFacts>[1]['body'], claimId: string | null) {
    const allocations = await readAllocations(tx, body.programme, body.authority);
    return gatherFacts(tx, { body, claimId, today: londonDate(tx.now), allocations });
  }
}

const written = (form: FormRecord, read: FormRead, terms: ProgrammeTerms): WrittenForm => ({
  ...{ id: form.id, programme: form.programme, authority: form.authority, version: form.version },
  ...{ claimId: form.claimId, claimState: form.claimState, discarded: form.discardedAt !== null },
  saved: saved(form),
  details: pageView(form.details),
  invoices: form.invoices.map(pageView),
  removed: removedOf(form),
  choices: choicesOf(terms),
  categories: terms.categories.map(({ code, label }) => ({ code, label })),
  parties: { payer: terms.payer.shortName, funder: terms.funder.name },
  agreesWithClaim: read.body !== null && bodyHash(read.body) === form.claimBodySha256,
});

interface Titles {
  invoiceCount: number;
  trainers: string[] | null;
}

const TITLES = `(SELECT count(*)::int FROM claim_form_page p WHERE p.form_id = f.id AND p.slot > 0 AND p.removed_at IS NULL) AS "invoiceCount",
  ARRAY(SELECT DISTINCT nullif(trim(p.content ->> 'trainer'), '') FROM claim_form_page p
         WHERE p.form_id = f.id AND p.slot > 0 AND p.removed_at IS NULL ORDER BY 1 LIMIT 3) AS trainers`;

const OPEN_FORM = `(SELECT o.id FROM claim_form o WHERE o.claim_id = f.claim_id AND o.discarded_at IS NULL) AS "openForm"`;

/** Nobody writes on a form that is put away: who changed it last put it there. */
function putAwayForm(row: FormRow & Titles & { openForm: string | null }): PutAwayForm {
  const { saved: putAway, ...item } = listItem(row);
  return { ...item, putAway, openForm: row.openForm };
}

function listItem(row: FormRow & Titles): FormListItem {
  const trainers = (row.trainers ?? []).filter((name) => name !== null);
  return {
    ...{ id: row.id, programme: row.programme, authority: row.authority },
    title: trainers.length > 0 ? trainers.join(', ') : 'No trainer invoice yet',
    invoiceCount: row.invoiceCount,
    ...{ claimId: row.claimId, claimState: row.claimState },
    saved: saved(row),
  };
}

const saved = (row: { updatedAt: Date; updatedBy: string; updatedByName: string | null }) => ({
  at: row.updatedAt.toISOString(),
  by: { id: row.updatedBy, name: row.updatedByName },
});

const pageView = <Content>(page: PageRow<Content>): FormPageView<Content> => ({
  ...{ key: page.key, version: page.version, content: page.content },
  saved: saved(page),
});

const removedOf = (form: FormRecord): FormView['removed'] =>
  [...form.removed]
    .sort((a, b) => b.removedAt!.getTime() - a.removedAt!.getTime())
    .map(({ key, content }, at) => ({ key, title: invoiceTitle(content, form.invoices.length + at) }));

const withPage = (content: FormContent, key: string, invoice: InvoiceContent): FormContent => ({
  ...content,
  invoices: content.invoices.map((page) => (page.key === key ? { key, content: invoice } : page)),
});

/** Rates of VAT of every date, since the trainer's invoice may be older than the terms; the date decides when it is checked. */
function choicesOf(terms: ProgrammeTerms): FormChoices {
  const rates = new Map(terms.dayRates.map((rate) => [rate.code, rate]));
  return {
    categories: terms.categories.flatMap((category) =>
      category.kind === 'training' ? [{ code: category.code, label: category.label, rates: [...category.rates] }] : [],
    ),
    rates: [...rates.values()].map(({ code, label, pencePerTrainerDay }) => ({ code, label, pencePerTrainerDay })),
    vatRates: [...new Set(terms.vatRates.map(({ percent }) => percent))].sort((a, b) => Number(a) - Number(b)),
    atCost: terms.categories.find(({ kind }) => kind === 'at_cost')?.label ?? null,
  };
}
