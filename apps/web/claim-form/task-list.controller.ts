import { Body, Get, Headers, Inject, Param, Post } from '@nestjs/common';
import { ChangeFormInvoices, DETAILS, FinishForm, FormQueries, PageConflict, SaveFormPage } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { attempt, Form, PageController, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import { detailsConflict } from './conflict.presenter.js';
import { formAddress, pageAddress, placedErrors, submittedAddress, taskList } from './task-list.presenter.js';
import { isScript, kept } from './typed-form.js';

const CHANGED = 'Somebody wrote on it since you looked at it. Look at it again, or remove it all the same.';

/** A claim in preparation: what is left, the claim's own details, and its trainer invoices coming and going. */
@PageController('claim-forms/:id')
export class TaskListPages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(SaveFormPage) private readonly saving: SaveFormPage,
    @Inject(ChangeFormInvoices) private readonly changing: ChangeFormInvoices,
    @Inject(FinishForm) private readonly finishing: FinishForm,
  ) {}

  @Get()
  async tasks(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View | Redirect> {
    const form = await this.queries.get(actor, id);
    const submitted = submittedAddress(form);
    if (submitted) return redirect(submitted);
    if (form.discarded) return view('claim-form/discarded.njk', { form, back: '/claim-forms' });
    return view('claim-form/task-list.njk', { form, list: taskList(form), back: '/claim-forms' });
  }

  @Get('details')
  async details(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View | Redirect> {
    const others = await this.queries.open(actor, id, DETAILS);
    const form = await this.queries.get(actor, id);
    const submitted = submittedAddress(form);
    if (submitted) return redirect(submitted);
    const { content, version } = form.details;
    return view('claim-form/details.njk', { form, values: content, version, others, back: formAddress(id) });
  }

  @Post('details')
  async saveDetails(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Headers('accept') accept: unknown,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const typed = new Form(body);
    const values = {
      authorityReference: typed.typed('authorityReference'),
      purchaseOrder: typed.typed('purchaseOrder'),
    };
    const version = typed.version();
    const tried = await conflictOr(() => this.saving.details(actor, id, { ...values, version }));
    const form = await this.queries.get(actor, id);
    if ('conflict' in tried) {
      return view('claim-form/conflict.njk', detailsConflict(form, tried.conflict, actor.userId), { status: 409 });
    }
    if (tried.ok && isScript(accept)) return kept(tried.value.version);
    if (tried.ok && typed.typed('do') === 'back') return redirect(formAddress(id));
    const problems = form.problems.filter(({ page, path }) => page === DETAILS && path in values);
    const errors = tried.ok ? placedErrors(form, problems) : tried.errors;
    if (errors.length === 0) return redirect(formAddress(id), 'Your reference and purchase order are saved');
    const seen = tried.ok ? tried.value.version : version;
    return viewAgain('claim-form/details.njk', { form, values, version: seen, errors, back: formAddress(id) });
  }

  /** A blank trainer invoice, or one like another of this claim. */
  @Post('invoices')
  async add(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const like = new Form(body).text('like');
    const tried = await attempt(() => this.changing.add(actor, id, like ? { like } : {}));
    if (!tried.ok) return this.again(actor, id, tried.errors);
    const { page } = tried.value;
    return redirect(pageAddress(id, page), like ? 'Copied. Enter its own number and dates.' : undefined);
  }

  @Get('invoices/:key/remove')
  async askRemove(@CurrentActor() actor: Actor, @Param('id') id: string, @Param('key') key: string): Promise<View> {
    return view('claim-form/remove-invoice.njk', await this.toRemove(actor, id, key));
  }

  @Post('invoices/:key/remove')
  async remove(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const version = new Form(body).version();
    const tried = await attempt(() => this.changing.remove(actor, id, key, { version }));
    if (tried.ok) {
      return redirect(formAddress(id), {
        title: 'Trainer invoice removed',
        text: 'You can bring it back below.',
        kind: 'success',
      });
    }
    const changed = tried.code === 'form_page_changed';
    const errors = changed ? [{ path: '', code: tried.code, message: CHANGED }] : tried.errors;
    return viewAgain('claim-form/remove-invoice.njk', { ...(await this.toRemove(actor, id, key)), errors });
  }

  @Post('invoices/:key/restore')
  async restore(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
  ): Promise<View | Redirect> {
    const tried = await attempt(() => this.changing.restore(actor, id, key));
    return tried.ok ? redirect(formAddress(id), 'Trainer invoice brought back') : this.again(actor, id, tried.errors);
  }

  /** Everything typed becomes the claim's draft; then its answers are checked, or its evidence added. */
  @Post('finish')
  async finish(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const typed = new Form(body);
    const keep = typed.ticked('keep') ? { changedElsewhere: 'keep' } : {};
    const tried = await attempt(() => this.finishing.run(actor, id, { version: typed.version() ?? 0, ...keep }));
    if (tried.ok) return redirect(formAddress(id, typed.typed('then') === 'evidence' ? 'evidence' : 'check'));
    const elsewhere = tried.code === 'claim_changed_elsewhere';
    const form = await this.queries.get(actor, id);
    const errors = tried.code === 'form_incomplete' ? placedErrors(form, form.problems) : tried.errors;
    return viewAgain('claim-form/task-list.njk', {
      form,
      list: taskList(form),
      errors,
      elsewhere,
      back: '/claim-forms',
    });
  }

  private async again(actor: Actor, id: string, errors: readonly { path: string; code: string; message: string }[]) {
    const form = await this.queries.get(actor, id);
    return viewAgain('claim-form/task-list.njk', { form, list: taskList(form), errors, back: '/claim-forms' });
  }

  private async toRemove(actor: Actor, id: string, key: string) {
    const form = await this.queries.get(actor, id);
    const at = form.invoices.findIndex((invoice) => invoice.key === key);
    const title = form.tasks[at + 1]?.title ?? 'This trainer invoice';
    const lines = form.invoices[at]?.content.lines.length ?? 0;
    return { form, key, title, lines, version: form.invoices[at]?.version, back: pageAddress(id, key) };
  }
}

/** A conflict of one page holds both versions, so it is no mere refusal: the caller shows them. */
export async function conflictOr<T>(work: () => Promise<T>) {
  try {
    return await attempt(async () => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof PageConflict) throw new Conflicting(error);
        throw error;
      }
    });
  } catch (error) {
    if (error instanceof Conflicting)
      return { ok: false as const, conflict: error.of, errors: [], code: error.of.code };
    throw error;
  }
}

/** Carries a conflict past `attempt`, which would make a message of it. */
class Conflicting extends Error {
  constructor(readonly of: PageConflict) {
    super(of.message);
  }
}
