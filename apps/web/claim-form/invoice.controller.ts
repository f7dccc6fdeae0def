import { Body, Get, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import { ChangeFormInvoices, FormQueries, SaveFormPage, typedOver, type FormView } from '#claims';
import { notFound, type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  Form,
  KeepsNothing,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { invoiceConflict } from './conflict.presenter.js';
import { invoicePage, partOf, partWith, workingView } from './invoice.presenter.js';
import { conflictOr } from './task-list.controller.js';
import { formAddress, LINES_AT_ONCE, pageAddress, placedErrors, submittedAddress } from './task-list.presenter.js';
import { isScript, kept, typedInvoice, type TypedInvoice } from './typed-form.js';

/** One trainer invoice of a claim in preparation. Whatever its buttons do, everything typed is saved first. */
@PageController('claim-forms/:id/invoices/:key')
export class InvoicePages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(SaveFormPage) private readonly saving: SaveFormPage,
    @Inject(ChangeFormInvoices) private readonly changing: ChangeFormInvoices,
  ) {}

  @Get()
  async page(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
    @Query('part') asked: unknown,
  ): Promise<View | Redirect> {
    // First: a page loaded again waits for the save that its own leaving has begun.
    const others = await this.queries.open(actor, id, key);
    const form = await this.queries.get(actor, id);
    const submitted = submittedAddress(form);
    if (submitted) return redirect(submitted);
    const saved = pageOf(form, key);
    const part = partOf(asked, saved.content.lines);
    return view('claim-form/invoice.njk', invoicePage(form, key, { ...saved, part, others }));
  }

  @Post()
  async save(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
    @Query('part') asked: unknown,
    @Headers('accept') accept: unknown,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const sent = new Form(body);
    const typed = typedInvoice(sent);
    const tried = await conflictOr(() => this.saving.invoice(actor, id, key, typed));
    const form = await this.queries.get(actor, id);
    if ('conflict' in tried) {
      return view('claim-form/conflict.njk', invoiceConflict(form, tried.conflict, actor.userId), { status: 409 });
    }
    if (!tried.ok) return refused(form, key, { typed, asked, errors: tried.errors });
    if (isScript(accept)) return kept(tried.value.version);
    const what = sent.typed('do');
    if (what === 'like') return this.another(actor, form, key);
    return goOn(form, key, { what, line: tried.value.line, asked });
  }

  /** One more like this, now that this one is saved. */
  private async another(actor: Actor, form: FormView, key: string): Promise<Redirect> {
    const tried = await attempt(() => this.changing.add(actor, form.id, { like: key }));
    if (tried.ok) return redirect(pageAddress(form.id, tried.value.page), 'Copied. Enter its own number and dates.');
    const text = tried.errors.map(({ message }) => message).join(' ');
    return redirect(pageAddress(form.id, key), { title: 'Saved, but not copied', text, kind: 'important' });
  }

  /** What the claim would come to with this page as it is being typed: a piece of HTML for the page's own script. */
  // The page is still there with what is typed: nothing of it has to be kept when the session is over.
  @Post('working')
  @KeepsNothing()
  async working(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('key') key: string,
    @Body() body: unknown,
  ): Promise<View> {
    const working = await this.queries.working(actor, id, key, typedInvoice(new Form(body)));
    return view('claim-form/working.njk', { working: workingView(working, key) });
  }
}

function pageOf(form: FormView, key: string): FormView['invoices'][number] {
  const page = form.invoices.find((invoice) => invoice.key === key);
  if (!page) throw notFound('trainer invoice');
  return page;
}

/** It could not be kept at all: shown again as typed. */
function refused(
  form: FormView,
  key: string,
  of: { typed: TypedInvoice; asked: unknown; errors: readonly Problem[] },
): View {
  const saved = pageOf(form, key);
  const own = new Set(saved.content.lines.map((line) => line.key));
  const { version, then: _, ...fields } = of.typed;
  const content = typedOver(saved.content, { ...fields, lines: fields.lines.filter((line) => own.has(line.key)) });
  const part = partOf(of.asked, content.lines);
  const shown = invoicePage(form, key, { content, version: version ?? saved.version, part });
  return viewAgain('claim-form/invoice.njk', { ...shown, errors: byName(of.errors, of.typed.lines) });
}

/** `lines[1].net` of what was sent is the field `lines.l2.net` of the page. */
const byName = (errors: readonly Problem[], lines: readonly { key: string }[]): Problem[] =>
  errors.map((error) => ({
    ...error,
    path: error.path.replace(/^lines\[(\d+)\]/, (whole, at: string) => {
      const line = lines[Number(at)];
      return line ? `lines.${line.key}` : whole;
    }),
  }));

/** Saved. Where to next: the new line, the page again with its figures, or on, unless something is missing or wrong. */
function goOn(
  form: FormView,
  key: string,
  { what, line, asked }: { what: string; line: string | null; asked: unknown },
): View | Redirect {
  const { content, version } = pageOf(form, key);
  const here = (part: number) => `${pageAddress(form.id, key)}${part > 1 ? `?part=${part}` : ''}`;
  if (what === 'later') return redirect(formAddress(form.id), 'Saved. You can come back to it at any time.');
  if (what === 'back') return redirect(formAddress(form.id));
  if (what === 'remove_invoice') return redirect(formAddress(form.id, 'invoices', key, 'remove'));
  if (what === 'paste') return redirect(`${formAddress(form.id, 'paste')}?invoice=${key}`);
  if (line !== null) {
    const first = content.lines.find((one) => one.key === line)?.kind === 'training' ? 'category' : 'description';
    return redirect(`${here(partWith(content.lines, line))}#lines-${line}-${first}`);
  }
  if (what.startsWith('part:')) return redirect(`${here(partOf(what.slice('part:'.length), content.lines))}#lines`);
  const part = partOf(asked, content.lines);
  const removed = /^remove:(l\d+)$/.exec(what)?.[1];
  if (removed !== undefined) {
    const there = content.lines.some((one) => one.key === removed);
    return redirect(`${here(part)}#lines`, there ? undefined : 'Line removed');
  }
  if (what !== 'continue') return redirect(`${here(part)}#working`);
  const errors = placedErrors(
    form,
    form.problems.filter(({ page }) => page === key),
  );
  if (errors.length === 0) {
    const more = part * LINES_AT_ONCE < content.lines.length;
    return redirect(more ? here(part + 1) : formAddress(form.id), more ? undefined : 'Trainer invoice saved');
  }
  return viewAgain('claim-form/invoice.njk', {
    ...invoicePage(form, key, { content, version, part }),
    errors,
    saved: true,
  });
}
