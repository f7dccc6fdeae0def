import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FormQueries, PasteRows, type FormView } from '#claims';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { Form, PageController, plural, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import { conflictOr } from './task-list.controller.js';
import { formAddress, pageAddress, submittedAddress } from './task-list.presenter.js';

/** Failing rows listed at once: enough to see what is wrong, few enough to read. */
const MOST_SHOWN = 100;

/** Rows copied from a spreadsheet: into the claim, or into one of its trainer invoices (`invoice`). */
@PageController('claim-forms/:id/paste')
export class PastePages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(PasteRows) private readonly pasting: PasteRows,
  ) {}

  @Get()
  async page(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query('invoice') invoice: unknown,
  ): Promise<View | Redirect> {
    const form = await this.queries.get(actor, id);
    const submitted = submittedAddress(form);
    return submitted ? redirect(submitted) : view('claim-form/paste.njk', this.data(form, invoice));
  }

  @Post()
  @RouteConfig({ largeBody: true })
  async paste(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query('invoice') asked: unknown,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const typed = new Form(body);
    const rows = typed.typed('rows');
    const version = typed.version();
    const tried = await conflictOr(() =>
      typeof asked === 'string'
        ? this.pasting.intoInvoice(actor, id, asked, rows, { version })
        : this.pasting.run(actor, id, rows),
    );
    if (tried.ok) {
      const { pages } = tried.value;
      const to = typeof asked === 'string' ? pageAddress(id, asked) : formAddress(id);
      return redirect(to, `${plural(tried.value.rows, 'row')} pasted into ${plural(pages.length, 'trainer invoice')}`);
    }
    const data = this.data(await this.queries.get(actor, id), asked);
    if ('conflict' in tried)
      return viewAgain('claim-form/paste.njk', { ...data, rows, errors: [meanwhile(tried.conflict)] });
    return viewAgain('claim-form/paste.njk', { ...data, rows, ...failing(tried.errors, tried.code) });
  }

  private data(form: FormView, asked: unknown): Record<string, unknown> {
    const invoice = form.invoices.find(({ key }) => key === asked);
    const title = form.tasks.find(({ page }) => page === asked)?.title;
    if (!invoice) return { form, invoice: null, action: formAddress(form.id, 'paste'), back: formAddress(form.id) };
    return {
      form,
      invoice: { title, key: invoice.key },
      version: invoice.version,
      action: `${formAddress(form.id, 'paste')}?invoice=${invoice.key}`,
      back: pageAddress(form.id, invoice.key),
    };
  }
}

const meanwhile = ({ code, message }: { code: string; message: string }): Problem => ({
  path: 'rows',
  code,
  message: `${message.split('.')[0]}. Your rows are still here: paste them again to add them to what it says now.`,
});

/** Columns by the headings that the page tells of. */
const HEADINGS: Readonly<Record<string, string>> = {
  trainer: 'Trainer',
  number: 'Invoice number',
  issuedOn: 'Invoice date',
  vatNumber: 'VAT number',
  country: 'Country',
  paidOn: 'Paid',
  kind: 'Type',
  description: 'Description',
  net: 'Net',
  vatRate: 'VAT rate',
  vat: 'VAT',
  category: 'Category',
  rate: 'Day rate',
  bookedOn: 'Booked',
  deliveredOn: 'Delivered',
  trainerDays: 'Days',
};

/** Rows that failed, as a table, each with its number in the spreadsheet; the summary counts them. */
function failing(errors: readonly Problem[], code: string) {
  if (code !== 'import_rejected') return { errors: errors.map((error) => ({ ...error, path: 'rows' })), failed: null };
  const rows = errors.map(({ path, code, message }) => {
    const [, row = '', column = ''] = /^row (\d+)(?:, (.*))?$/s.exec(path) ?? [];
    // What is missing has no heading of the spreadsheet's own.
    const heading = (code === 'column_missing' && HEADINGS[column]) || column;
    return [{ text: row, numeric: true }, { text: heading }, { text: message.replace(`"${column}"`, `“${heading}”`) }];
  });
  const message = `Nothing was pasted: ${plural(errors.length, 'cell')} cannot be taken. Correct what is listed below, in the spreadsheet or here, and paste again.`;
  return {
    errors: [{ path: 'rows', code, message }],
    failed: {
      caption: 'Rows to correct',
      head: [{ text: 'Row', numeric: true }, { text: 'Column' }, { text: 'What is wrong' }],
      rows: rows.slice(0, MOST_SHOWN),
      more: Math.max(0, rows.length - MOST_SHOWN),
    },
  };
}
