import { formatPence, longDate } from '#kernel';
import {
  ACCENT,
  BODY,
  DETAIL,
  DETAIL_FIGURE,
  DETAIL_STRONG,
  drawTable,
  FIGURE,
  GROUND,
  HEADING,
  LETTERHEAD,
  PageFlow,
  RULE,
  SECTION,
  SMALL,
  SUBTITLE,
  TITLE,
  TOTAL,
  type Cell,
  type Row,
  type TextStyle,
} from '#platform/pdf';
import type { GrantStatementModel } from './statement-model.js';

const cell = (text: string, style: TextStyle): Cell => ({ paragraphs: [{ text, style }] });
const ruled = (index: number): Pick<Row, 'rule'> => (index === 0 ? {} : { rule: { thickness: 0.5, colour: RULE } });

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
  flow.rule(3, ACCENT);
  flow.space(14);
  flow.block('P', { text: authority.legalName, style: LETTERHEAD });
  flow.block('P', { text: `ONS code ${authority.onsCode}`, style: SMALL });
  flow.space(16);
  flow.block('H1', { text: title, style: TITLE });
  const paid = `${programme.name} (${programme.code}). Paid by the ${funder} to the authority directly.`;
  flow.block('P', { text: paid, style: SUBTITLE });
  const period = `For the financial year from ${longDate(year.from)} to ${longDate(year.to)}.`;
  const running = upTo === null ? '' : ` The year is still running: this is what was recorded up to ${longDate(upTo)}.`;
  flow.block('P', { text: `${period}${running}`, style: BODY });
  flow.space(14);
}

/** What was there, what came, what went, what is there. */
function account(flow: PageFlow, model: GrantStatementModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const { year, upTo } = model;
  const lines: [string, number][] = [
    [`Unspent grant on ${longDate(year.from)}`, model.openingPence],
    ['Received in the year', model.receivedPence],
    ['Spent in the year', -model.spentPence],
  ];
  if (model.returnedPence !== 0) lines.push(['To be returned for the year', -model.returnedPence]);
  const rows: Row[] = lines.map(([text, pence], index) => ({
    cells: [{ ...cell(text, BODY), heading: true }, cell(money(pence), FIGURE)],
    ...ruled(index),
    keepWithNext: true,
  }));
  rows.push({
    background: GROUND,
    rule: { thickness: 1, colour: ACCENT },
    cells: [
      { ...cell(`Unspent grant on ${longDate(upTo ?? year.to)}`, SECTION), heading: true },
      cell(money(model.closingPence), TOTAL),
    ],
  });
  drawTable(flow, {
    title: { text: 'The grant in the year', style: SECTION },
    x: flow.left,
    width: flow.width,
    columns: [
      { title: 'Item', share: 70, align: 'left' },
      { title: 'Amount', share: 30, align: 'right' },
    ],
    heading: { style: HEADING, background: GROUND },
    padding: { x: 5, y: 4 },
    rows,
  });
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
  drawTable(flow, {
    title: { text: 'Spending by quarter', style: SECTION },
    x: flow.left,
    width: flow.width,
    columns: [
      { title: 'Quarter', share: 28, align: 'left' },
      { title: 'Spent', share: 16, align: 'right' },
      { title: 'Variance', share: 16, align: 'right' },
      { title: 'Reason', share: 40, align: 'left' },
    ],
    heading: { style: HEADING, background: GROUND },
    padding: { x: 5, y: 4 },
    rows: model.quarters.map((quarter, index) => ({
      cells: [
        { ...cell(quarter.label, BODY), heading: true },
        cell(money(quarter.spentPence), FIGURE),
        cell(quarter.variancePence === null ? '–' : money(quarter.variancePence), FIGURE),
        cell(quarter.varianceReason ?? '', BODY),
      ],
      ...ruled(index),
    })),
  });
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
  drawTable(flow, {
    title: { text: 'What it was spent on', style: SECTION },
    x: flow.left,
    width: flow.width,
    columns: [
      { title: 'Description', share: 44, align: 'left' },
      { title: 'Quarter', share: 22, align: 'left' },
      { title: 'Date', share: 18, align: 'left' },
      { title: 'Amount', share: 16, align: 'right' },
    ],
    heading: { style: HEADING, background: GROUND },
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
        background: GROUND,
        rule: { thickness: 0.75, colour: ACCENT },
        cells: [
          { ...cell('Spent in the year', DETAIL_STRONG), heading: true, columns: 3 },
          cell(money(model.spentPence), { ...DETAIL_STRONG, tabular: true }),
        ],
      },
    ],
  });
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
