import { formatPence, longDate } from '#kernel';
import {
  ACCENT,
  BODY,
  DETAIL,
  DETAIL_FIGURE,
  DETAIL_STRONG,
  DETAIL_TOTAL,
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
import type { ScheduleCategory, ScheduleModel } from './schedule-model.js';

/** As many amounts as a page is wide for, so that none is broken; a programme with more categories has them in several tables. */
const categoriesAcross = (totalPence: number): number =>
  totalPence < 100_000_000 ? 5 : totalPence < 1_000_000_000 ? 4 : 3;

const cell = (text: string, style: TextStyle): Cell => ({ paragraphs: [{ text, style }] });
const heading = (text: string, style: TextStyle): Cell => ({ ...cell(text, style), heading: true });
const ruled = (index: number): Pick<Row, 'rule'> => (index === 0 ? {} : { rule: { thickness: 0.5, colour: RULE } });
const TOTAL_ROW = { background: GROUND, rule: { thickness: 1, colour: ACCENT } };

/** Draws the schedule that goes to the funder with a request. The bytes depend on the model alone. */
export function drawSchedule(model: ScheduleModel): Buffer {
  const label = { text: `Funding request ${model.number} · ${model.payer.shortName}`, style: SMALL };
  const description = {
    title: `Funding request ${model.number}`,
    author: model.payer.legalName,
    subject: `${model.programme.name} (${model.programme.code})`,
    date: new Date(`${model.submittedOn}T00:00:00Z`),
    attachment: null,
  };
  const flow = new PageFlow(description, label);
  head(flow, model);
  asked(flow, model);
  byCategory(flow, model);
  byAuthority(flow, model);
  return flow.finish(label);
}

function head(flow: PageFlow, { payer, programme, funder, number, submittedOn }: ScheduleModel): void {
  flow.rule(3, ACCENT);
  flow.space(14);
  flow.block('P', { text: payer.legalName, style: LETTERHEAD });
  flow.block('P', { text: [...payer.address, payer.identifier].join(', '), style: SMALL });
  flow.space(16);
  flow.block('H1', { text: `Funding request ${number}`, style: TITLE });
  flow.block('P', { text: `${programme.name} (${programme.code}). To the ${funder}.`, style: SUBTITLE });
  const text = `Schedule of the claims approved for payment that this request of ${longDate(submittedOn)} is for.`;
  flow.block('P', { text, style: BODY });
  flow.space(14);
}

/** What the claims come to, what of it was recovered, what is asked for. */
function asked(flow: PageFlow, model: ScheduleModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const counted = `${model.claimCount} approved ${model.claimCount === 1 ? 'claim' : 'claims'}`;
  drawTable(flow, {
    title: { text: 'What is asked for', style: SECTION },
    x: flow.left,
    width: flow.width,
    columns: [
      { title: 'Item', share: 70, align: 'left' },
      { title: 'Amount', share: 30, align: 'right' },
    ],
    heading: { style: HEADING, background: GROUND },
    padding: { x: 5, y: 4 },
    rows: [
      { cells: [heading(counted, BODY), cell(money(model.totalPence), FIGURE)], keepWithNext: true },
      {
        cells: [heading('Less money recovered from authorities', BODY), cell(money(0 - model.recoveredPence), FIGURE)],
        ...ruled(1),
        keepWithNext: true,
      },
      { ...TOTAL_ROW, cells: [heading('Amount requested', SECTION), cell(money(model.requestedPence), TOTAL)] },
    ],
  });
  flow.space(14);
}

function byCategory(flow: PageFlow, model: ScheduleModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  drawTable(flow, {
    title: { text: 'By category', style: SECTION },
    x: flow.left,
    width: flow.width,
    columns: [
      { title: 'Category', share: 60, align: 'left' },
      { title: 'Claims', share: 14, align: 'right' },
      { title: 'Amount', share: 26, align: 'right' },
    ],
    heading: { style: HEADING, background: GROUND },
    padding: { x: 5, y: 3 },
    rows: [
      ...model.categories.map((category, index) => ({
        cells: [
          heading(category.label, DETAIL),
          cell(String(category.claimCount), DETAIL_FIGURE),
          cell(money(category.totalPence), DETAIL_FIGURE),
        ],
        ...ruled(index),
        keepWithNext: true,
      })),
      {
        ...TOTAL_ROW,
        cells: [
          heading('All categories', DETAIL_STRONG),
          cell(String(model.claimCount), DETAIL_TOTAL),
          cell(money(model.totalPence), DETAIL_TOTAL),
        ],
      },
    ],
  });
  flow.space(4);
  flow.block('P', { text: 'A claim is counted in every category it has an amount in.', style: SMALL });
  flow.space(14);
}

function byAuthority(flow: PageFlow, model: ScheduleModel): void {
  const { categories } = model;
  const most = categoriesAcross(model.totalPence);
  for (let first = 0; first === 0 || first < categories.length; first += most) {
    const across = categories.slice(first, first + most);
    authorityTable(flow, model, { across, first: first === 0, last: first + most >= categories.length });
    flow.space(14);
  }
}

interface Part {
  across: readonly ScheduleCategory[];
  first: boolean;
  last: boolean;
}

/** One row an authority, one column a category; claims in the first table, totals in the last. */
function authorityTable(flow: PageFlow, model: ScheduleModel, { across, first, last }: Part): void {
  const money = (pence: number | undefined): string => (pence === undefined ? '–' : formatPence(pence, model.currency));
  const right = (title: string, share: number) => ({ title, share, align: 'right' as const });
  const row = (
    name: Cell,
    claims: number,
    amounts: (number | undefined)[],
    total: number,
    style: TextStyle,
  ): Cell[] => [
    name,
    ...(first ? [cell(String(claims), style)] : []),
    ...amounts.map((pence) => cell(money(pence), style)),
    ...(last ? [cell(money(total), { ...style, weight: 'bold' })] : []),
  ];
  drawTable(flow, {
    title: { text: first ? 'By authority and category' : 'By authority and category, continued', style: SECTION },
    x: flow.left,
    width: flow.width,
    columns: [
      { title: 'Authority', share: 19, align: 'left' },
      ...(first ? [right('Claims', 8)] : []),
      ...across.map(({ label }) => right(label, 16)),
      ...(last ? [right('Total', 18)] : []),
    ],
    heading: { style: HEADING, background: GROUND },
    padding: { x: 3, y: 3 },
    rows: [
      ...model.authorities.map((one, index) => ({
        cells: row(
          heading(one.name, DETAIL),
          one.claimCount,
          across.map(({ code }) => one.amounts[code]),
          one.totalPence,
          DETAIL_FIGURE,
        ),
        ...ruled(index),
        keepWithNext: index === model.authorities.length - 1,
      })),
      {
        ...TOTAL_ROW,
        cells: row(
          heading('All authorities', DETAIL_STRONG),
          model.claimCount,
          across.map(({ totalPence }) => totalPence),
          model.totalPence,
          DETAIL_TOTAL,
        ),
      },
    ],
  });
}
