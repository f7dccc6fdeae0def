import { formatPence, longDate } from '#kernel';
import {
  cell,
  DETAIL,
  DETAIL_FIGURE,
  DETAIL_STRONG,
  DETAIL_TOTAL,
  drawReportHead,
  drawSums,
  drawTable,
  headingCell,
  PageFlow,
  ruled,
  sectionTable,
  SMALL,
  TOTAL_ROW,
  type Cell,
  type TextStyle,
} from '#platform/pdf';
import type { ScheduleCategory, ScheduleModel } from './schedule-model.js';

/** As many amounts as a page is wide for, so that none is broken; a programme with more categories has them in several tables. */
const categoriesAcross = (totalPence: number): number =>
  totalPence < 100_000_000 ? 5 : totalPence < 1_000_000_000 ? 4 : 3;

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
  drawReportHead(flow, {
    sender: payer.legalName,
    about: [...payer.address, payer.identifier].join(', '),
    title: `Funding request ${number}`,
    subtitle: `${programme.name} (${programme.code}). To the ${funder}.`,
    text: `Schedule of the claims approved for payment that this request of ${longDate(submittedOn)} is for.`,
  });
}

/** What the claims come to, what of it was recovered, what is asked for. */
function asked(flow: PageFlow, model: ScheduleModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const counted = `${model.claimCount} approved ${model.claimCount === 1 ? 'claim' : 'claims'}`;
  const lines: [string, string][] = [
    [counted, money(model.totalPence)],
    ['Less money recovered from authorities', money(0 - model.recoveredPence)],
  ];
  drawSums(flow, 'What is asked for', lines, ['Amount requested', money(model.requestedPence)]);
  flow.space(14);
}

function byCategory(flow: PageFlow, model: ScheduleModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const table = sectionTable(flow, 'By category', {
    columns: [
      { title: 'Category', share: 60, align: 'left' },
      { title: 'Claims', share: 14, align: 'right' },
      { title: 'Amount', share: 26, align: 'right' },
    ],
    padding: { x: 5, y: 3 },
    rows: [
      ...model.categories.map((category, index) => ({
        cells: [
          headingCell(category.label, DETAIL),
          cell(String(category.claimCount), DETAIL_FIGURE),
          cell(money(category.totalPence), DETAIL_FIGURE),
        ],
        ...ruled(index),
        keepWithNext: true,
      })),
      {
        ...TOTAL_ROW,
        cells: [
          headingCell('All categories', DETAIL_STRONG),
          cell(String(model.claimCount), DETAIL_TOTAL),
          cell(money(model.totalPence), DETAIL_TOTAL),
        ],
      },
    ],
  });
  drawTable(flow, table);
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
  const title = first ? 'By authority and category' : 'By authority and category, continued';
  const table = sectionTable(flow, title, {
    columns: [
      { title: 'Authority', share: 19, align: 'left' },
      ...(first ? [right('Claims', 8)] : []),
      ...across.map(({ label }) => right(label, 16)),
      ...(last ? [right('Total', 18)] : []),
    ],
    padding: { x: 3, y: 3 },
    rows: [
      ...model.authorities.map((one, index) => ({
        cells: row(
          headingCell(one.name, DETAIL),
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
          headingCell('All authorities', DETAIL_STRONG),
          model.claimCount,
          across.map(({ totalPence }) => totalPence),
          model.totalPence,
          DETAIL_TOTAL,
        ),
      },
    ],
  });
  drawTable(flow, table);
}
