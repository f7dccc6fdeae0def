import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import {
  PaymentQueue,
  ReceiptQueries,
  RecordReceipt,
  RequestQueries,
  SummaryReports,
  type RequestListItem,
} from '#funding';
import { may, People, requireMay } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  addressWith,
  attempt,
  csvDownload,
  csvOf,
  errorsFor,
  filtersOf,
  Form,
  listLinks,
  money,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { fundingOutcome, OUTCOME_CSV, outcomeRows, receiptTag, tagChoices } from './queue.presenter.js';
import { RECEIPT_CSV, receiptsTable, receiptSummary } from './receipts.presenter.js';
import { requestName } from './requests.presenter.js';

const WHAT = 'funding receipt';
/** Of what a receipt would fund, and of what would still wait, so many are named. */
export const MOST_NAMED = 10;
/** In a file there is room for more; further claims are on the queue's own list. */
export const MOST_IN_FILE = 5_000;
const FIELDS = { amountPence: 'amount', fundingRequestId: 'request' } as const;

/** Money that came from the funder. */
@PageController('funding/receipts')
export class ReceiptPages {
  constructor(
    @Inject(ReceiptQueries) private readonly receipts: ReceiptQueries,
    @Inject(RecordReceipt) private readonly recording: RecordReceipt,
    @Inject(RequestQueries) private readonly requests: RequestQueries,
    @Inject(PaymentQueue) private readonly queue: PaymentQueue,
    @Inject(SummaryReports) private readonly reports: SummaryReports,
    @Inject(People) private readonly people: People,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    requireMay(actor, 'funding.read');
    const filters = filtersOf(query);
    const states = tagChoices('receipt', filters['state']);
    const tried = await attempt(() => this.receipts.list(actor, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) {
      return viewAgain('funding/receipts.njk', { states, table: receiptsTable([], true), errors: tried.errors });
    }
    const { items, nextCursor } = tried.value;
    const table = receiptsTable(items, filters['state'] !== undefined);
    return view('funding/receipts.njk', { states, table, links: listLinks('/funding/receipts', filters, nextCursor) });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const fetch = (asked: object) => this.receipts.list(actor, asked);
    return csvDownload('funding-receipts.csv', RECEIPT_CSV, filtersOf(query), fetch);
  }

  @Get('new')
  async ask(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    return view('funding/new-receipt.njk', await this.form(actor, new Form(query)));
  }

  @Get('preview')
  async preview(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const form = new Form(query);
    const tried = await attempt(() => this.previewed(actor, form, MOST_NAMED));
    if (!tried.ok) return this.again(actor, form, tried.errors);
    const { preview, around, named } = tried.value;
    const fields = fieldsOf(form);
    return view('funding/preview-receipt.njk', {
      ...fundingOutcome(preview, around, named),
      ...(await this.reports.names(actor, form.text('programme'))),
      amount: money(preview.amountPence),
      fields,
      csv: addressWith(
        '/funding/receipts/preview/download',
        Object.fromEntries(fields.map((one) => [one.name, one.value])),
      ),
    });
  }

  @Get('preview/download')
  async previewCsv(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    requireMay(actor, 'funding_receipt.record');
    const { preview, around, named } = await this.previewed(actor, new Form(query), MOST_IN_FILE);
    return csvOf('funding-receipt-preview.csv', OUTCOME_CSV, outcomeRows(preview, around, named));
  }

  @Post()
  async record(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const tried = await attempt(() => this.recording.run(actor, bodyOf(form)));
    if (!tried.ok) return this.again(actor, form, tried.errors);
    return redirect(`/funding/receipts/${tried.value.id}`, {
      kind: 'success',
      title: `The receipt of ${money(tried.value.amountPence)} is recorded`,
      text: 'It funds nothing until another person of MTM finance confirms it, or a bank statement shows it. If it is wrong, reverse it.',
    });
  }

  @Get(':id')
  async page(@CurrentActor() actor: Actor, @Param('id') given: string): Promise<View> {
    const receipt = await this.receipts.get(actor, idOf(given, WHAT));
    const { recordedBy, confirmedBy, reversedBy, fundingRequestId, state, source } = receipt;
    const request = fundingRequestId === null ? null : await this.requests.get(actor, fundingRequestId);
    const [nameOf, around] = await Promise.all([
      this.people.names(actor, [recordedBy, confirmedBy, reversedBy]),
      this.queue.around(actor, { programme: receipt.programme, ids: receipt.fundedClaimIds, most: MOST_NAMED }),
    ]);
    const confirm = may(actor, 'funding_receipt.confirm', { makers: [recordedBy] });
    return view('funding/receipt.njk', {
      receipt,
      tag: receiptTag(state),
      summary: receiptSummary(receipt, request === null ? null : requestName(request), nameOf),
      funded: {
        ...fundingOutcome(receipt, around, false).fundedTable,
        caption: 'Funded by its confirmation',
        empty: '',
      },
      more: Math.max(0, receipt.fundedClaimIds.length - around.funded.length),
      confirm: state === 'recorded' && confirm.allowed,
      separation: state === 'recorded' && !confirm.allowed ? confirm.reason : null,
      reverse: state !== 'reversed' && source === 'funder' && may(actor, 'funding_receipt.reverse').allowed,
    });
  }

  private async previewed(actor: Actor, form: Form, most: number) {
    const body = bodyOf(form);
    const preview = await this.recording.preview(actor, body);
    const of = { programme: form.text('programme'), ids: preview.fundedClaimIds, most };
    return { preview, around: await this.queue.around(actor, of), named: 'fundingRequestId' in body };
  }

  private async again(actor: Actor, form: Form, errors: readonly Problem[]): Promise<View> {
    const placed = errorsFor(errors, FIELDS).map((error) =>
      error.code === 'received_in_future' ? { ...error, path: 'receivedOn', message: IN_FUTURE } : error,
    );
    return viewAgain('funding/new-receipt.njk', { ...(await this.form(actor, form)), errors: placed });
  }

  private async form(actor: Actor, form: Form) {
    requireMay(actor, 'funding_receipt.record');
    const open = await this.openRequests(actor);
    const chosen = form.typed('request');
    return {
      values: form.values,
      ...(await this.reports.names(actor, form.text('programme'))),
      requests: [
        { value: '', text: 'None: it goes to the whole queue', selected: chosen === '' },
        ...open.map((request) => ({
          value: request.id,
          text: `${requestName(request)}: ${money(request.requestedPence)} asked for`,
          selected: chosen === request.id,
        })),
      ],
    };
  }

  private async openRequests(actor: Actor): Promise<RequestListItem[]> {
    const states = ['submitted', 'part_paid'];
    const lists = await Promise.all(states.map((state) => this.requests.list(actor, { state, limit: '100' })));
    return lists.flatMap(({ items }) => items);
  }
}

const IN_FUTURE = 'Money cannot have come after today. Enter the day the bank booked it.';
const TYPED = [
  'programme',
  'amount',
  'receivedOn-day',
  'receivedOn-month',
  'receivedOn-year',
  'bankReference',
  'request',
];

/** What was typed as the use case takes it; throws malformed with all that cannot be read. */
function bodyOf(form: Form): Record<string, unknown> {
  const given = {
    programme: form.text('programme'),
    amountPence: form.pence('amount'),
    receivedOn: form.date('receivedOn'),
    bankReference: form.text('bankReference'),
    fundingRequestId: form.text('request'),
  };
  if (given.amountPence === undefined && form.typed('amount') === '')
    form.problem('amount', 'required', 'Enter the amount that came, in pounds.');
  if (given.receivedOn === undefined && form.problems.every(({ path }) => path !== 'receivedOn'))
    form.problem('receivedOn', 'required', 'Enter the day the bank booked it.');
  if (given.bankReference === undefined)
    form.problem('bankReference', 'required', 'Enter the reference as the bank shows it.');
  form.check();
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The same again as hidden fields, for the form that records it. */
const fieldsOf = (form: Form) =>
  TYPED.flatMap((name) => (form.typed(name) === '' ? [] : [{ name, value: form.typed(name) }]));
