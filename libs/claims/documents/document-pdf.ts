import { formatPence, longDate } from '#kernel';
import {
  ACCENT,
  BODY,
  FIGURE,
  FIGURE_STRONG,
  GROUND,
  HEADING,
  LABEL,
  LETTERHEAD,
  RULE,
  SECTION,
  SMALL,
  STRONG,
  SUBTITLE,
  TITLE,
  TOTAL,
  drawTable,
  PageFlow,
  type Align,
  type Paragraph,
  type Row,
  type TextStyle,
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
  parties(flow, model);
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

/** The authority as the sender: its name on the left, where it is and whom to ask on the right. */
function letterhead(flow: PageFlow, { seller }: DocumentModel): void {
  flow.rule(3, ACCENT);
  flow.space(14);
  const top = flow.y;
  const half = flow.width / 2;
  flow.block('P', { text: seller.legalName, style: LETTERHEAD }, { width: half - 12 });
  const below = flow.y;
  flow.y = top;
  const right = { x: flow.left + half, width: half, align: 'right' as Align };
  const contact = [seller.contactName, seller.contactEmail].filter((text) => text !== null);
  for (const text of sellerAddress(seller)) flow.block('P', { text, style: SMALL }, right);
  flow.space(4);
  for (const text of contact) flow.block('P', { text, style: SMALL }, right);
  flow.y = Math.max(below, flow.y) + 16;
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

/** To whom on the left; number, dates and references on the right. */
function parties(flow: PageFlow, model: DocumentModel): void {
  const top = flow.y;
  const split = flow.width * 0.52;
  const left = { width: split - 24 };
  flow.block('P', { text: 'To', style: LABEL }, left);
  flow.block('P', { text: buyerName(model.buyer), style: STRONG }, left);
  for (const text of model.buyer.addressLines) flow.block('P', { text, style: BODY }, left);
  const below = flow.y;
  flow.y = top;
  drawTable(flow, {
    x: flow.left + split,
    width: flow.width - split,
    columns: [
      { title: '', share: 40, align: 'left' },
      { title: '', share: 60, align: 'left' },
    ],
    heading: null,
    padding: { x: 0, y: 0 },
    rows: facts(model).map(([label, value]) => ({
      cells: [
        { paragraphs: [{ text: label, style: LABEL }], heading: true },
        { paragraphs: [{ text: value, style: BODY }] },
      ],
    })),
  });
  flow.y = Math.max(below, flow.y) + 18;
}

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
  const cell = (text: string, style: TextStyle) => ({ paragraphs: [{ text, style }] });
  const rows: Row[] = model.categories.map((category, index) => ({
    cells: [
      { ...cell(category.label, BODY), heading: true },
      cell(category.fundedDays ?? '–', FIGURE),
      cell(money(category.netPence), FIGURE),
      cell(money(category.eligiblePence), FIGURE),
      cell(money(category.reimbursementPence), FIGURE_STRONG),
    ],
    ...(index === 0 ? {} : { rule: { thickness: 0.5, colour: RULE } }),
    keepWithNext: true,
  }));
  rows.push({
    background: GROUND,
    rule: { thickness: 1, colour: ACCENT },
    cells: [
      { ...cell(invoice ? 'Total reimbursement sought' : 'Total credited', SECTION), heading: true, columns: 3 },
      { ...cell(money(model.totalPence), TOTAL), columns: 2, align: 'right' },
    ],
  });
  drawTable(flow, {
    title: { text: invoice ? 'Reimbursement sought' : 'Amounts credited', style: SECTION },
    x: flow.left,
    width: flow.width,
    heading: { style: HEADING, background: GROUND },
    padding: { x: 5, y: 4 },
    columns: [
      { title: 'Category', share: 42, align: 'left' },
      { title: 'Funded days', share: 13, align: 'right' },
      { title: 'Net cost', share: 14, align: 'right' },
      { title: 'Eligible cost', share: 15, align: 'right' },
      { title: invoice ? 'Reimbursement' : 'Credited', share: 16, align: 'right' },
    ],
    rows,
  });
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
