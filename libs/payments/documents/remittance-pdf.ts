import { formatPence, longDate } from '#kernel';
import { addressUnder, buyerName } from '#claims/documents';
import {
  ACCENT,
  BODY,
  drawTable,
  FIGURE,
  FIGURE_STRONG,
  GROUND,
  HEADING,
  LABEL,
  LETTERHEAD,
  PageFlow,
  RULE,
  SECTION,
  SMALL,
  STRONG,
  SUBTITLE,
  TITLE,
  TOTAL,
  type Align,
  type Cell,
  type Row,
  type TextStyle,
} from '#platform/pdf';
import type { RemittanceModel } from './remittance-model.js';

const cell = (text: string, style: TextStyle): Cell => ({ paragraphs: [{ text, style }] });
const ruled = (index: number): Pick<Row, 'rule'> => (index === 0 ? {} : { rule: { thickness: 0.5, colour: RULE } });

/** Draws a remittance advice. The bytes depend on the model alone. */
export function drawRemittance(model: RemittanceModel): Buffer {
  const title = `Remittance advice ${model.number}`;
  const label = { text: `${title} · ${model.payer.legalName}`, style: SMALL };
  const description = {
    title,
    author: model.payer.legalName,
    subject: `${model.programme.name} (${model.programme.code})`,
    date: new Date(`${model.issuedOn}T00:00:00Z`),
    attachment: null,
  };
  const flow = new PageFlow(description, label);
  letterhead(flow, model);
  headline(flow, model, title);
  parties(flow, model);
  claims(flow, model);
  setOffs(flow, model);
  total(flow, model);
  return flow.finish(label);
}

/** The payer as the sender: its name on the left, where it is and whom to ask on the right. */
function letterhead(flow: PageFlow, { payer }: RemittanceModel): void {
  flow.rule(3, ACCENT);
  flow.space(14);
  const top = flow.y;
  const half = flow.width / 2;
  flow.block('P', { text: buyerName(payer), style: LETTERHEAD }, { width: half - 12 });
  const below = flow.y;
  flow.y = top;
  const right = { x: flow.left + half, width: half, align: 'right' as Align };
  for (const text of [...payer.addressLines, payer.email]) flow.block('P', { text, style: SMALL }, right);
  flow.y = Math.max(below, flow.y) + 16;
}

function headline(flow: PageFlow, { programme, account, payment }: RemittanceModel, title: string): void {
  flow.block('H1', { text: title, style: TITLE });
  flow.block('P', { text: `${programme.name} (${programme.code}).`, style: SUBTITLE });
  const how =
    account === null
      ? 'What was due on the claims below was wholly set off against what was taken back. No money was sent.'
      : `Paid to ${account.accountName}, account ending ${account.lastFour}${payment.bookedOn === null ? '' : `, on ${longDate(payment.bookedOn)}`}.`;
  flow.block('P', { text: how, style: BODY });
  flow.space(14);
}

/** To whom on the left; number, date and references on the right. */
function parties(flow: PageFlow, model: RemittanceModel): void {
  const top = flow.y;
  const split = flow.width * 0.52;
  const left = { width: split - 24 };
  flow.block('P', { text: 'To', style: LABEL }, left);
  flow.block('P', { text: model.authority.legalName, style: STRONG }, left);
  for (const text of addressUnder(model.authority)) flow.block('P', { text, style: BODY }, left);
  const below = flow.y;
  flow.y = top;
  const facts: [string, string][] = [
    ['Advice number', model.number],
    ['Advice date', longDate(model.issuedOn)],
    ['Reference', model.payment.reference],
    ['Payment run', model.payment.runNumber],
  ];
  drawTable(flow, {
    x: flow.left + split,
    width: flow.width - split,
    columns: [
      { title: '', share: 40, align: 'left' },
      { title: '', share: 60, align: 'left' },
    ],
    heading: null,
    padding: { x: 0, y: 0 },
    rows: facts.map(([name, value]) => ({ cells: [{ ...cell(name, LABEL), heading: true }, cell(value, BODY)] })),
  });
  flow.y = Math.max(below, flow.y) + 18;
}

function claims(flow: PageFlow, model: RemittanceModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const rows: Row[] = model.claims.map((claim, index) => ({
    cells: [
      { ...cell(claim.invoiceNumber, BODY), heading: true },
      cell(claim.authorityReference ?? '–', BODY),
      cell(claim.purchaseOrder ?? '–', BODY),
      cell(money(claim.amountPence), FIGURE),
    ],
    ...ruled(index),
    keepWithNext: index === model.claims.length - 1,
  }));
  drawTable(flow, {
    title: { text: 'Claims paid', style: SECTION },
    x: flow.left,
    width: flow.width,
    heading: { style: HEADING, background: GROUND },
    padding: { x: 5, y: 4 },
    columns: [
      { title: 'Claim invoice', share: 30, align: 'left' },
      { title: 'Your reference', share: 27, align: 'left' },
      { title: 'Purchase order', share: 23, align: 'left' },
      { title: 'Approved', share: 20, align: 'right' },
    ],
    rows: [...rows, sumRow(`${counted(model.claims.length, 'claim')}`, money(model.claimsPence))],
  });
  flow.space(14);
}

function setOffs(flow: PageFlow, model: RemittanceModel): void {
  if (model.setOffs.length === 0) return;
  const money = (pence: number): string => formatPence(pence, model.currency);
  const rows: Row[] = model.setOffs.map((setOff, index) => ({
    cells: [
      { ...cell(setOff.creditNoteNumber, BODY), heading: true },
      cell(setOff.invoiceNumber, BODY),
      cell(money(setOff.leftPence), FIGURE),
      cell(money(-setOff.pence), FIGURE),
    ],
    ...ruled(index),
    keepWithNext: index === model.setOffs.length - 1,
  }));
  drawTable(flow, {
    title: { text: 'Adjustments set off', style: SECTION },
    x: flow.left,
    width: flow.width,
    heading: { style: HEADING, background: GROUND },
    padding: { x: 5, y: 4 },
    columns: [
      { title: 'Credit note', share: 30, align: 'left' },
      { title: 'On claim invoice', share: 27, align: 'left' },
      { title: 'Still to be set off', share: 23, align: 'right' },
      { title: 'Set off', share: 20, align: 'right' },
    ],
    rows: [...rows, sumRow(counted(model.setOffs.length, 'adjustment'), money(-model.setOffPence))],
  });
  flow.space(14);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const sumRow = (text: string, amount: string): Row => ({
  rule: { thickness: 0.75, colour: ACCENT },
  cells: [{ ...cell(text, STRONG), heading: true, columns: 3 }, cell(amount, FIGURE_STRONG)],
});

function total(flow: PageFlow, model: RemittanceModel): void {
  drawTable(flow, {
    x: flow.left,
    width: flow.width,
    heading: null,
    padding: { x: 5, y: 6 },
    columns: [
      { title: '', share: 70, align: 'left' },
      { title: '', share: 30, align: 'right' },
    ],
    rows: [
      {
        background: GROUND,
        rule: { thickness: 1, colour: ACCENT },
        cells: [
          { ...cell('Total paid', SECTION), heading: true },
          cell(formatPence(model.totalPence, model.currency), TOTAL),
        ],
      },
    ],
  });
}
