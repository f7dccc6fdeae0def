import { decimalPence, InvalidValue, sumPence } from '#kernel';
import { element, optional } from '#platform/xml';
import type { DocumentBuyer, DocumentCategory, DocumentModel, DocumentSeller } from './document-model.js';
import { NOT_A_VAT_INVOICE, paymentTerms, VAT_EXEMPTION_REASON, vatExcluded } from './wording.js';

/** The core invoice model of EN 16931-1, without any country's additions. */
const CUSTOMIZATION = 'urn:cen.eu:en16931:2017';
/** UNTDID 1001. */
const TYPE_CODE = { invoice: '380', credit_note: '381' } as const;
/** UNTDID 4461, "instrument not defined": the full account number is never in the document. */
const PAYMENT_MEANS = '1';
/** UN/ECE Recommendation 20, "one". */
const UNIT = 'C62';
/** UNTDID 5305, "services outside scope of tax". */
const OUTSIDE_SCOPE = 'O';

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:';

/**
 * The document as UBL 2.1 per EN 16931. One line for each category that has an amount, at its reimbursement.
 * Throws InvalidValue when no category has one (nothing is issued then), and when the total is not the sum.
 */
export function buildUbl(model: DocumentModel): Buffer {
  const lines = model.categories.filter((category) => category.reimbursementPence !== 0);
  if (lines.length === 0) throw new InvalidValue(`${model.number} has no amount: such a document is not issued`);
  if (sumPence(lines.map((line) => line.reimbursementPence)) !== model.totalPence) {
    throw new InvalidValue(`${model.number}: the categories do not add up to the total`);
  }
  const root = model.kind === 'invoice' ? 'Invoice' : 'CreditNote';
  const body = [
    ...header(model),
    ...references(model),
    element('cac:AccountingSupplierParty', [seller(model.seller)]),
    element('cac:AccountingCustomerParty', [buyer(model.buyer)]),
    model.kind === 'invoice'
      ? element('cac:PaymentMeans', [
          element('cbc:PaymentMeansCode', PAYMENT_MEANS),
          element('cbc:PaymentID', model.number),
        ])
      : '',
    element('cac:PaymentTerms', [element('cbc:Note', paymentTerms(model))]),
    taxTotal(model),
    totals(model),
    ...lines.map((line, index) => documentLine(model, line, index + 1)),
  ];
  const xml = element(root, body, {
    xmlns: `${NAMESPACE}${root}-2`,
    'xmlns:cac': `${NAMESPACE}CommonAggregateComponents-2`,
    'xmlns:cbc': `${NAMESPACE}CommonBasicComponents-2`,
  });
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`, 'utf8');
}

function header(model: DocumentModel): string[] {
  const { authorityReference, purchaseOrder, claimId } = model.references;
  const invoice = model.kind === 'invoice';
  const note = [
    model.reason === null ? '' : `Reason: ${model.reason}`,
    NOT_A_VAT_INVOICE,
    vatExcluded(model),
    authorityReference === null ? '' : `Our reference: ${authorityReference}.`,
    `Claim ${claimId}.`,
  ];
  return [
    element('cbc:CustomizationID', CUSTOMIZATION),
    element('cbc:ID', model.number),
    element('cbc:IssueDate', model.issuedOn),
    invoice ? optional('cbc:DueDate', model.dueOn) : '',
    element(invoice ? 'cbc:InvoiceTypeCode' : 'cbc:CreditNoteTypeCode', TYPE_CODE[model.kind]),
    element('cbc:Note', withSubjectCode(note.filter((text) => text !== '').join(' '))),
    element('cbc:DocumentCurrencyCode', model.currency),
    // BT-13; UBL has the order reference after the currency in both documents.
    purchaseOrder === null ? '' : element('cac:OrderReference', [element('cbc:ID', purchaseOrder)]),
  ];
}

/** `#AAI#` is "general information" (UNTDID 4451): without it, "#abc#" in a user's text would be read as a code (BR-CL-08). */
const withSubjectCode = (note: string): string => (note.includes('#') ? `#AAI#${note}` : note);

/** The invoice a credit note corrects (BG-3), and the programme as the project (BT-11), which a credit note holds elsewhere. */
function references({ kind, refersTo, programme }: DocumentModel): string[] {
  if (kind === 'credit_note' && refersTo === null) throw new InvalidValue('a credit note refers to its invoice');
  const billing =
    refersTo === null
      ? ''
      : element('cac:BillingReference', [
          element('cac:InvoiceDocumentReference', [
            element('cbc:ID', refersTo.number),
            element('cbc:IssueDate', refersTo.issuedOn),
          ]),
        ]);
  const project =
    kind === 'invoice'
      ? element('cac:ProjectReference', [element('cbc:ID', programme.code)])
      : element('cac:AdditionalDocumentReference', [
          element('cbc:ID', programme.code),
          element('cbc:DocumentTypeCode', '50'),
        ]);
  return [billing, project];
}

/** The authority, by its ONS code. ISO 6523 lists no scheme for these codes, so none is given (BT-29 allows that). */
function seller(from: DocumentSeller): string {
  return element('cac:Party', [
    element('cac:PartyIdentification', [element('cbc:ID', from.onsCode)]),
    address(from.addressLines, from.postcode, from.country),
    element('cac:PartyLegalEntity', [element('cbc:RegistrationName', from.legalName)]),
    from.contactName === null && from.contactEmail === null
      ? ''
      : element('cac:Contact', [
          optional('cbc:Name', from.contactName),
          optional('cbc:ElectronicMail', from.contactEmail),
        ]),
  ]);
}

function buyer(to: DocumentBuyer): string {
  return element('cac:Party', [
    to.tradingName === null ? '' : element('cac:PartyName', [element('cbc:Name', to.tradingName)]),
    address(to.addressLines, null, to.country),
    element('cac:PartyLegalEntity', [
      element('cbc:RegistrationName', to.legalName),
      element(
        'cbc:CompanyID',
        to.identifier.value,
        to.identifier.scheme === null ? {} : { schemeID: to.identifier.scheme },
      ),
    ]),
  ]);
}

/** The lines as they are printed: three fit in fields of their own, the rest is joined (BT-35, 36, 162; BT-50, 51, 163). */
function address(lines: readonly string[], postcode: string | null, country: string): string {
  const [street = null, additional = null, ...rest] = lines;
  return element('cac:PostalAddress', [
    optional('cbc:StreetName', street),
    optional('cbc:AdditionalStreetName', additional),
    optional('cbc:PostalZone', postcode),
    rest.length === 0 ? '' : element('cac:AddressLine', [element('cbc:Line', rest.join(', '))]),
    element('cac:Country', [element('cbc:IdentificationCode', country)]),
  ]);
}

const amount = (name: string, pence: number, currency: string): string =>
  element(name, decimalPence(pence), { currencyID: currency });

/** One breakdown (BR-O-01): outside the scope of VAT, no rate (BR-O-05), no tax (BR-O-09), with its reason (BR-O-10). */
function taxTotal({ totalPence, currency }: DocumentModel): string {
  return element('cac:TaxTotal', [
    amount('cbc:TaxAmount', 0, currency),
    element('cac:TaxSubtotal', [
      amount('cbc:TaxableAmount', totalPence, currency),
      amount('cbc:TaxAmount', 0, currency),
      element('cac:TaxCategory', [
        element('cbc:ID', OUTSIDE_SCOPE),
        element('cbc:TaxExemptionReasonCode', 'VATEX-EU-O'),
        element('cbc:TaxExemptionReason', VAT_EXEMPTION_REASON),
        VAT_SCHEME,
      ]),
    ]),
  ]);
}

const VAT_SCHEME = element('cac:TaxScheme', [element('cbc:ID', 'VAT')]);

/** BR-CO-10, 13, 15, 16: without tax, allowance or prepayment the four are one amount. */
function totals({ totalPence, currency }: DocumentModel): string {
  const names = ['LineExtensionAmount', 'TaxExclusiveAmount', 'TaxInclusiveAmount', 'PayableAmount'];
  return element(
    'cac:LegalMonetaryTotal',
    names.map((name) => amount(`cbc:${name}`, totalPence, currency)),
  );
}

function documentLine({ kind, currency }: DocumentModel, category: DocumentCategory, id: number): string {
  const invoice = kind === 'invoice';
  return element(invoice ? 'cac:InvoiceLine' : 'cac:CreditNoteLine', [
    element('cbc:ID', String(id)),
    element(invoice ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity', '1', { unitCode: UNIT }),
    amount('cbc:LineExtensionAmount', category.reimbursementPence, currency),
    element('cac:Item', [
      element('cbc:Name', category.label),
      element('cac:SellersItemIdentification', [element('cbc:ID', category.code)]),
      element('cac:ClassifiedTaxCategory', [element('cbc:ID', OUTSIDE_SCOPE), VAT_SCHEME]),
    ]),
    element('cac:Price', [amount('cbc:PriceAmount', category.reimbursementPence, currency)]),
  ]);
}
