import { Body, Inject, Param, Post } from '@nestjs/common';
import { DETAILS, DETAILS_FIELDS, FormQueries, SaveFormPage } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { Form, PageController, redirect, view, type Redirect, type View } from '../page/index.js';
import { chosen, detailsConflict, invoiceConflict, isChosen, type ConflictView } from './conflict.presenter.js';
import { conflictOr } from './task-list.controller.js';
import { pageAddress } from './task-list.presenter.js';
import { typedInvoice } from './typed-form.js';

/** What somebody chose of two versions of one page. While they chose, a third may have come: then they are asked again. */
@PageController('claim-forms/:id')
export class ConflictPages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(SaveFormPage) private readonly saving: SaveFormPage,
  ) {}

  @Post('details/choose')
  async details(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const own = chosen(form);
    const fields = DETAILS_FIELDS.filter((field) => own.has(field)).map((field) => [field, form.typed(field)]);
    const input = { version: form.version(), ...Object.fromEntries(fields) };
    const tried = await conflictOr(() => this.saving.details(actor, id, input));
    if ('conflict' in tried)
      return again(detailsConflict(await this.queries.get(actor, id), tried.conflict, actor.userId));
    return redirect(pageAddress(id, DETAILS), tried.ok ? 'Saved as you chose' : refusal(tried.errors));
  }

  @Post('invoices/:key/choose')
  async invoice(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const own = chosen(form);
    const input = typedInvoice(form, (name) => isChosen(own, name));
    const tried = await conflictOr(() => this.saving.invoice(actor, id, key, input));
    if ('conflict' in tried)
      return again(invoiceConflict(await this.queries.get(actor, id), tried.conflict, actor.userId));
    return redirect(pageAddress(id, key), tried.ok ? 'Saved as you chose' : refusal(tried.errors));
  }
}

const again = (data: ConflictView): View => view('claim-form/conflict.njk', data, { status: 409 });

const refusal = (errors: readonly { message: string }[]) => ({
  title: 'Not saved',
  text: errors.map(({ message }) => message).join(' '),
  kind: 'important' as const,
});
