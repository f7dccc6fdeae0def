import { formatPence, longDate } from '#kernel';
import { type Audience, type Letter } from '#documents/domain';
import { type DocumentModel } from './document-model.js';

/** What the e-mail of a claim invoice or credit note says: to the payer, or in the authority's own copy. */
export function claimLetter(model: DocumentModel, audience: Audience): Letter {
  const copy = audience === 'authority';
  return {
    subject: subjectOf(model, copy),
    heading: title(model),
    paragraphs: opening(model, copy),
    facts: factsOf(model),
    closing: closing(model),
    sender: `${model.programme.code} claims`,
    replyTo: copy ? null : model.seller.contactEmail,
    page: `/claims/${model.references.claimId}`,
  };
}

const nameOf = (model: DocumentModel): string => (model.kind === 'invoice' ? 'Claim invoice' : 'Credit note');
const title = (model: DocumentModel): string => `${nameOf(model)} ${model.number}`;
const amountOf = (model: DocumentModel): string => formatPence(model.totalPence, model.currency);

function subjectOf(model: DocumentModel, copy: boolean): string {
  const subject = `${title(model)}: ${amountOf(model)} from ${model.seller.legalName}`;
  return copy ? `Copy of ${subject.charAt(0).toLowerCase()}${subject.slice(1)}` : subject;
}

function opening(model: DocumentModel, copy: boolean): string[] {
  const { seller, buyer, programme, refersTo } = model;
  const what =
    model.kind === 'invoice'
      ? `${seller.legalName} claims ${amountOf(model)} from ${buyer.shortName} under ${programme.name} (${programme.code}).`
      : `${seller.legalName} credits ${amountOf(model)} to ${buyer.shortName} on claim invoice ${refersTo?.number ?? ''} under ${programme.name} (${programme.code}).`;
  const where = copy
    ? `This is your copy of what was sent to ${buyer.shortName}; the PDF attached is the document.`
    : 'The PDF attached is the document; the same as XML (UBL 2.1) is inside it.';
  return [what, where];
}

function factsOf(model: DocumentModel): Letter['facts'] {
  const { references } = model;
  const optional: [string, string | null][] = [
    ['Number', model.number],
    ['Amount', amountOf(model)],
    ['From', model.seller.legalName],
    ['Issued', longDate(model.issuedOn)],
    ['Due', model.dueOn && `${longDate(model.dueOn)} (${model.payment.withinDays} days)`],
    ['Refers to', model.refersTo && `${model.refersTo.number} of ${longDate(model.refersTo.issuedOn)}`],
    ['Reason', model.reason],
    ['Authority’s reference', references.authorityReference],
    ['Purchase order', references.purchaseOrder],
  ];
  return optional.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

const closing = (model: DocumentModel): string =>
  model.kind === 'invoice'
    ? `VAT is excluded: the authority recovers it under ${model.vatRecovery}. This is not a VAT invoice.`
    : 'VAT is excluded. This is not a VAT credit note.';
