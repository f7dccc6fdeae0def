import { formatPence, longDate } from '#kernel';
import {
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
  SECTION,
  sectionTable,
  SMALL,
  STRONG,
  SUBTITLE,
  TITLE,
  TOTAL,
  TOTAL_ROW,
  type Paragraph,
  type Row,
} from '#platform/pdf';
import type { DocumentModel } from './document-model.js';
import { detailTable } from './document-lines.js';
import {
  buyerName,
  kindTitle,
  NOT_A_VAT_INVOICE,
  paymentAccount,
  paymentTerms,
  sellerAddress,
  vatExcluded,
} from './wording.js';

/** Draws a claim invoice or credit note, with its XML attached. The bytes depend on the model alone. */
export function drawDocument(model: DocumentModel, xml: Buffer): Buffer {
  const title = `${kindTitle(model.kind)} ${model.number}`;
  const label = `${title} · ${model.seller.legalName}`;
  const flow = new PageFlow(
    {
      title,
      author: model.seller.legalName,
      subject: `${model.programme.name} (${model.programme.code})`,
      date: new Date(`${model.issuedOn}T00:00:00Z`),
      attachment: {
        name: `${model.number}.xml`,
        content: xml,
        mediaType: 'text/xml',
        description: `${title} as UBL 2.1 (EN 16931)`,
      },
    },
    { text: label, style: SMALL },
  );
  letterhead(flow, model);
  headline(flow, model, title);
  drawParties(flow, { name: buyerName(model.buyer), address: model.buyer.addressLines }, facts(model));
  amounts(flow, model);
  payment(flow, model);
  if (model.trainerInvoices.length > 0) {
    flow.space(14);
    drawTable(flow, detailTable(flow, model));
  }
  flow.space(8);
  flow.block('P', { text: `Claim ${model.references.claimId}`, style: SMALL });
  return flow.finish({ text: label, style: SMALL });
}

function letterhead(flow: PageFlow, { seller }: DocumentModel): void {
  const contact = [seller.contactName, seller.contactEmail].filter((text) => text !== null);
  drawLetterhead(flow, seller.legalName, sellerAddress(seller), contact);
}

function headline(flow: PageFlow, model: DocumentModel, title: string): void {
  flow.block('H1', { text: title, style: TITLE });
  const { name, code } = model.programme;
  flow.block('P', { text: `${name} (${code}). ${NOT_A_VAT_INVOICE}`, style: SUBTITLE });
  if (model.refersTo !== null) {
    const { number, issuedOn } = model.refersTo;
    flow.space(6);
    flow.block('P', { text: `Credits claim invoice ${number} of ${longDate(issuedOn)}.`, style: STRONG });
  }
  if (model.reason !== null) flow.block('P', { text: `Reason: ${model.reason}`, style: BODY });
  flow.space(14);
}

/** Number, dates and references. */
function facts(model: DocumentModel): [label: string, value: string][] {
  const { references, seller } = model;
  const what = model.kind === 'invoice' ? 'Invoice' : 'Credit note';
  const all: [string, string | null][] = [
    [`${what} number`, model.number],
    [`${what} date`, longDate(model.issuedOn)],
    ['Payment due', model.dueOn === null ? null : longDate(model.dueOn)],
    ['Our reference', references.authorityReference],
    ['Purchase order', references.purchaseOrder],
    ['ONS code', seller.onsCode],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== null);
}

/** What is asked for, by category; zeros are shown (guide, Payment). */
function amounts(flow: PageFlow, model: DocumentModel): void {
  const invoice = model.kind === 'invoice';
  const money = (pence: number): string => formatPence(pence, model.currency);
  const rows: Row[] = model.categories.map((category, index) => ({
    cells: [
      headingCell(category.label, BODY),
      cell(category.fundedDays ?? '–', FIGURE),
      cell(money(category.netPence), FIGURE),
      cell(money(category.eligiblePence), FIGURE),
      cell(money(category.reimbursementPence), FIGURE_STRONG),
    ],
    ...ruled(index),
    keepWithNext: true,
  }));
  rows.push({
    ...TOTAL_ROW,
    cells: [
      { ...headingCell(invoice ? 'Total reimbursement sought' : 'Total credited', SECTION), columns: 3 },
      { ...cell(money(model.totalPence), TOTAL), columns: 2, align: 'right' },
    ],
  });
  const table = sectionTable(flow, invoice ? 'Reimbursement sought' : 'Amounts credited', {
    columns: [
      { title: 'Category', share: 42, align: 'left' },
      { title: 'Funded days', share: 13, align: 'right' },
      { title: 'Net cost', share: 14, align: 'right' },
      { title: 'Eligible cost', share: 15, align: 'right' },
      { title: invoice ? 'Reimbursement' : 'Credited', share: 16, align: 'right' },
    ],
    rows,
  });
  drawTable(flow, table);
  flow.space(6);
  flow.block('P', { text: `${vatExcluded(model)} ${NOT_A_VAT_INVOICE}`, style: BODY });
}

function payment(flow: PageFlow, model: DocumentModel): void {
  flow.space(12);
  flow.ensure(60);
  flow.block('H2', { text: 'Payment', style: SECTION });
  flow.space(2);
  const lines: Paragraph[] = [{ text: paymentTerms(model), style: BODY }];
  if (model.kind === 'invoice') lines.push({ text: paymentAccount(model), style: BODY });
  for (const line of lines) flow.block('P', line);
}
