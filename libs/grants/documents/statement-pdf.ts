import { formatPence, longDate } from '#kernel';
import {
  BODY,
  cell,
  DETAIL,
  DETAIL_FIGURE,
  DETAIL_STRONG,
  DETAIL_TOTAL,
  DETAIL_TOTAL_ROW,
  drawReportHead,
  drawSums,
  drawTable,
  FIGURE,
  headingCell,
  PageFlow,
  RULE,
  ruled,
  SECTION,
  sectionTable,
  SMALL,
} from '#platform/pdf';
import type { GrantStatementModel } from './statement-model.js';

/** Draws the annual statement for the section 151 officer. The bytes depend on the model alone. */
export function drawStatement(model: GrantStatementModel): Buffer {
  const title = `${model.label} statement ${model.year.label}`;
  const label = { text: `${title} · ${model.authority.legalName}`, style: SMALL };
  const description = {
    title,
    author: model.authority.legalName,
    subject: `${model.programme.name} (${model.programme.code})`,
    date: new Date(`${model.upTo ?? model.year.to}T00:00:00Z`),
    attachment: null,
  };
  const flow = new PageFlow(description, label);
  head(flow, model, title);
  account(flow, model);
  quarters(flow, model);
  post(flow, model);
  entries(flow, model);
  declaration(flow, model);
  return flow.finish(label);
}

function head(flow: PageFlow, model: GrantStatementModel, title: string): void {
  const { authority, programme, funder, year, upTo } = model;
  const period = `For the financial year from ${longDate(year.from)} to ${longDate(year.to)}.`;
  const running = upTo === null ? '' : ` The year is still running: this is what was recorded up to ${longDate(upTo)}.`;
  drawReportHead(flow, {
    sender: authority.legalName,
    about: `ONS code ${authority.onsCode}`,
    title,
    subtitle: `${programme.name} (${programme.code}). Paid by the ${funder} to the authority directly.`,
    text: `${period}${running}`,
  });
}

/** What was there, what came, what went, what is there. */
function account(flow: PageFlow, model: GrantStatementModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const { year, upTo } = model;
  const lines: [string, string][] = [
    [`Unspent grant on ${longDate(year.from)}`, money(model.openingPence)],
    ['Received in the year', money(model.receivedPence)],
    ['Spent in the year', money(-model.spentPence)],
  ];
  if (model.returnedPence !== 0) lines.push(['To be returned for the year', money(-model.returnedPence)]);
  const left = `Unspent grant on ${longDate(upTo ?? year.to)}`;
  drawSums(flow, 'The grant in the year', lines, [left, money(model.closingPence)]);
  flow.space(6);
  for (const text of notes(model)) flow.block('P', { text, style: BODY });
  flow.space(14);
}

function notes(model: GrantStatementModel): string[] {
  const { receipt, workedOut, carriedForward } = model;
  const because = receipt?.reason ? ` Reason for another amount than worked out: ${receipt.reason}` : '';
  return [
    workedOut,
    receipt === null
      ? 'The grant is not recorded as received yet.'
      : `Received on ${longDate(receipt.receivedOn)}: ${formatPence(receipt.amountPence, model.currency)}.${because}`,
    carriedForward
      ? 'Underspend is carried forward to the next year.'
      : 'Underspend of a year is returned at its end, except that of the last.',
  ];
}

function quarters(flow: PageFlow, model: GrantStatementModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const table = sectionTable(flow, 'Spending by quarter', {
    columns: [
      { title: 'Quarter', share: 28, align: 'left' },
      { title: 'Spent', share: 16, align: 'right' },
      { title: 'Variance', share: 16, align: 'right' },
      { title: 'Reason', share: 40, align: 'left' },
    ],
    rows: model.quarters.map((quarter, index) => ({
      cells: [
        headingCell(quarter.label, BODY),
        cell(money(quarter.spentPence), FIGURE),
        cell(quarter.variancePence === null ? '–' : money(quarter.variancePence), FIGURE),
        cell(quarter.varianceReason ?? '', BODY),
      ],
      ...ruled(index),
    })),
  });
  drawTable(flow, table);
  flow.space(4);
  const text =
    'Variance: spent less the forecast the authority entered, or else less the quarter’s share of the grant.';
  flow.block('P', { text, style: SMALL });
  flow.space(14);
}

function post(flow: PageFlow, { post: what, holders }: GrantStatementModel): void {
  flow.ensure(60);
  flow.block('H2', { text: 'The post', style: SECTION });
  flow.space(2);
  flow.block('P', { text: what === null ? 'What the post is for is not recorded yet.' : `${what}.`, style: BODY });
  const held = holders.map(({ startsOn, endsOn }) =>
    endsOn === null ? `Held since ${longDate(startsOn)}.` : `Held from ${longDate(startsOn)} to ${longDate(endsOn)}.`,
  );
  for (const text of held.length > 0 ? held : ['When it was held is not recorded yet.']) {
    flow.block('P', { text, style: BODY });
  }
  flow.space(14);
}

function entries(flow: PageFlow, model: GrantStatementModel): void {
  if (model.entries.length === 0) return;
  const money = (pence: number): string => formatPence(pence, model.currency);
  const table = sectionTable(flow, 'What it was spent on', {
    columns: [
      { title: 'Description', share: 44, align: 'left' },
      { title: 'Quarter', share: 22, align: 'left' },
      { title: 'Date', share: 18, align: 'left' },
      { title: 'Amount', share: 16, align: 'right' },
    ],
    padding: { x: 3, y: 3 },
    rows: [
      ...model.entries.map((entry, index) => ({
        cells: [
          {
            paragraphs: [
              { text: entry.description, style: DETAIL },
              ...(entry.source === '' ? [] : [{ text: entry.source, style: SMALL }]),
            ],
          },
          cell(entry.quarter, DETAIL),
          cell(entry.incurredOn === null ? '' : longDate(entry.incurredOn), DETAIL),
          cell(money(entry.amountPence), DETAIL_FIGURE),
        ],
        ...ruled(index),
        keepWithNext: index === model.entries.length - 1,
      })),
      {
        ...DETAIL_TOTAL_ROW,
        cells: [
          { ...headingCell('Spent in the year', DETAIL_STRONG), columns: 3 },
          cell(money(model.spentPence), DETAIL_TOTAL),
        ],
      },
    ],
  });
  drawTable(flow, table);
  flow.space(14);
}

/** What the officer responsible under section 151 of the Local Government Act 1972 signs. */
function declaration(flow: PageFlow, { authority }: GrantStatementModel): void {
  flow.ensure(140);
  flow.block('H2', { text: 'Declaration of the section 151 officer', style: SECTION });
  flow.space(2);
  const text = `To the best of my knowledge and belief this statement agrees with the accounts of ${authority.legalName}, the grant was spent on the post it was paid for, and no cost in it was claimed elsewhere.`;
  flow.block('P', { text, style: BODY });
  for (const line of ['Name', 'Signature', 'Date']) {
    flow.space(16);
    flow.block('P', { text: line, style: SMALL }, { width: 60 });
    flow.rule(0.5, RULE);
  }
}
