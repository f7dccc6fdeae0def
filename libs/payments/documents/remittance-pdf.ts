import { formatPence, longDate } from '#kernel';
import { addressUnder, buyerName } from '#claims/documents';
import {
  ACCENT,
  BODY,
  cell,
  drawLetterhead,
  drawParties,
  drawTable,
  FIGURE,
  FIGURE_STRONG,
  headingCell,
  PageFlow,
  ruled,
  sectionTable,
  SMALL,
  STRONG,
  SUBTITLE,
  TITLE,
  totalRow,
  type Row,
} from '#platform/pdf';
import type { RemittanceModel } from './remittance-model.js';

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
  drawLetterhead(flow, buyerName(model.payer), [...model.payer.addressLines, model.payer.email]);
  headline(flow, model, title);
  parties(flow, model);
  claims(flow, model);
  setOffs(flow, model);
  total(flow, model);
  return flow.finish(label);
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

function parties(flow: PageFlow, { authority, number, issuedOn, payment }: RemittanceModel): void {
  drawParties(flow, { name: authority.legalName, address: addressUnder(authority) }, [
    ['Advice number', number],
    ['Advice date', longDate(issuedOn)],
    ['Reference', payment.reference],
    ['Payment run', payment.runNumber],
  ]);
}

function claims(flow: PageFlow, model: RemittanceModel): void {
  const money = (pence: number): string => formatPence(pence, model.currency);
  const rows: Row[] = model.claims.map((claim, index) => ({
    cells: [
      headingCell(claim.invoiceNumber, BODY),
      cell(claim.authorityReference ?? '–', BODY),
      cell(claim.purchaseOrder ?? '–', BODY),
      cell(money(claim.amountPence), FIGURE),
    ],
    ...ruled(index),
    keepWithNext: index === model.claims.length - 1,
  }));
  const table = sectionTable(flow, 'Claims paid', {
    columns: [
      { title: 'Claim invoice', share: 30, align: 'left' },
      { title: 'Your reference', share: 27, align: 'left' },
      { title: 'Purchase order', share: 23, align: 'left' },
      { title: 'Approved', share: 20, align: 'right' },
    ],
    rows: [...rows, sumRow(`${counted(model.claims.length, 'claim')}`, money(model.claimsPence))],
  });
  drawTable(flow, table);
  flow.space(14);
}

function setOffs(flow: PageFlow, model: RemittanceModel): void {
  if (model.setOffs.length === 0) return;
  const money = (pence: number): string => formatPence(pence, model.currency);
  const rows: Row[] = model.setOffs.map((setOff, index) => ({
    cells: [
      headingCell(setOff.creditNoteNumber, BODY),
      cell(setOff.invoiceNumber, BODY),
      cell(money(setOff.leftPence), FIGURE),
      cell(money(-setOff.pence), FIGURE),
    ],
    ...ruled(index),
    keepWithNext: index === model.setOffs.length - 1,
  }));
  const table = sectionTable(flow, 'Adjustments set off', {
    columns: [
      { title: 'Credit note', share: 30, align: 'left' },
      { title: 'On claim invoice', share: 27, align: 'left' },
      { title: 'Still to be set off', share: 23, align: 'right' },
      { title: 'Set off', share: 20, align: 'right' },
    ],
    rows: [...rows, sumRow(counted(model.setOffs.length, 'adjustment'), money(-model.setOffPence))],
  });
  drawTable(flow, table);
  flow.space(14);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const sumRow = (text: string, amount: string): Row => ({
  rule: { thickness: 0.75, colour: ACCENT },
  cells: [{ ...headingCell(text, STRONG), columns: 3 }, cell(amount, FIGURE_STRONG)],
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
    rows: [totalRow('Total paid', formatPence(model.totalPence, model.currency))],
  });
}
