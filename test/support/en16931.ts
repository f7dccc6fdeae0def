import { isISO31661Alpha2 } from 'class-validator';
import { at, everywhere, readXml, textAt, type XmlElement } from './xml-tree.js';

/**
 * The business rules of EN 16931-1 (table of clause 6.4 and the code lists of its UBL binding, CEN/TS 16931-3-2), as a judge
 * apart from the writer: it reads the XML only. Every rule that can apply to a document without allowances, charges, periods,
 * payees, tax representatives and items' classifications is a check of its own. Those elements must not appear at all: see
 * UNUSED, which names the rules they would bring.
 */
type Rule = (invoice: XmlElement) => boolean;

const PARTY = { seller: 'cac:AccountingSupplierParty/cac:Party', buyer: 'cac:AccountingCustomerParty/cac:Party' };
const TOTAL = 'cac:LegalMonetaryTotal';

/** A decimal as millionths: exact, unlike a float. Null when it is no decimal. */
function decimal(text: string): bigint | null {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d{0,6}))?$/.exec(text) ?? [];
  return whole === '' ? null : BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction.padEnd(6, '0')}`);
}

const has = (element: XmlElement, path: string): boolean => at(element, path).length > 0;
const said = (element: XmlElement, path: string): boolean => textAt(element, path) !== '';
const number = (element: XmlElement, path: string): bigint | null => decimal(textAt(element, path));
const orZero = (element: XmlElement, path: string): bigint | null => (has(element, path) ? number(element, path) : 0n);
const sum = (elements: XmlElement[], path: string): bigint | null =>
  elements.reduce<bigint | null>((total, one) => plus(total, number(one, path)), 0n);
const plus = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a + b);
const same = (a: bigint | null, b: bigint | null): boolean => a !== null && a === b;
const twoPlaces = (element: XmlElement, path: string): boolean =>
  at(element, path).every(({ text }) => (text.split('.')[1] ?? '').length <= 2);

const lines = (invoice: XmlElement): XmlElement[] => [
  ...at(invoice, 'cac:InvoiceLine'),
  ...at(invoice, 'cac:CreditNoteLine'),
];
const subtotals = (invoice: XmlElement): XmlElement[] => at(invoice, 'cac:TaxTotal/cac:TaxSubtotal');
const eachLine =
  (check: (line: XmlElement) => boolean): Rule =>
  (invoice) =>
    lines(invoice).every(check);
const eachSubtotal =
  (check: (subtotal: XmlElement) => boolean): Rule =>
  (invoice) =>
    subtotals(invoice).every(check);
const named = (invoice: XmlElement, ...names: string[]): XmlElement[] =>
  everywhere(invoice)
    .filter(({ element }) => names.includes(element.name))
    .map(({ element }) => element);
const isVat = (category: XmlElement): boolean => textAt(category, 'cac:TaxScheme/cbc:ID').toUpperCase() === 'VAT';
const vatCategories = (owner: XmlElement, path: string): XmlElement[] => at(owner, path).filter(isVat);
const lineCategories = (invoice: XmlElement): XmlElement[] =>
  lines(invoice).flatMap((line) => vatCategories(line, 'cac:Item/cac:ClassifiedTaxCategory'));
const outside = (category: XmlElement): boolean => textAt(category, 'cbc:ID') === 'O';
const outsideSubtotals = (invoice: XmlElement): XmlElement[] =>
  subtotals(invoice).filter((one) => vatCategories(one, 'cac:TaxCategory').some(outside));
const vatNumbers = (invoice: XmlElement): XmlElement[] =>
  [...Object.values(PARTY), 'cac:TaxRepresentativeParty'].flatMap((party) =>
    at(invoice, `${party}/cac:PartyTaxScheme`).filter(isVat),
  );

const CORE: Record<string, Rule> = {
  'BR-01': (invoice) => said(invoice, 'cbc:CustomizationID'),
  'BR-02': (invoice) => said(invoice, 'cbc:ID'),
  'BR-03': (invoice) => said(invoice, 'cbc:IssueDate'),
  'BR-04': (invoice) => said(invoice, 'cbc:InvoiceTypeCode') || said(invoice, 'cbc:CreditNoteTypeCode'),
  'BR-05': (invoice) => said(invoice, 'cbc:DocumentCurrencyCode'),
  'BR-06': (invoice) => said(invoice, `${PARTY.seller}/cac:PartyLegalEntity/cbc:RegistrationName`),
  'BR-07': (invoice) => said(invoice, `${PARTY.buyer}/cac:PartyLegalEntity/cbc:RegistrationName`),
  'BR-08': (invoice) => has(invoice, `${PARTY.seller}/cac:PostalAddress`),
  'BR-09': (invoice) => said(invoice, `${PARTY.seller}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`),
  'BR-10': (invoice) => has(invoice, `${PARTY.buyer}/cac:PostalAddress`),
  'BR-11': (invoice) => said(invoice, `${PARTY.buyer}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`),
  'BR-12': (invoice) => said(invoice, `${TOTAL}/cbc:LineExtensionAmount`),
  'BR-13': (invoice) => said(invoice, `${TOTAL}/cbc:TaxExclusiveAmount`),
  'BR-14': (invoice) => said(invoice, `${TOTAL}/cbc:TaxInclusiveAmount`),
  'BR-15': (invoice) => said(invoice, `${TOTAL}/cbc:PayableAmount`),
  'BR-16': (invoice) => lines(invoice).length > 0,
  'BR-21': eachLine((line) => said(line, 'cbc:ID')),
  'BR-22': eachLine((line) => said(line, 'cbc:InvoicedQuantity') || said(line, 'cbc:CreditedQuantity')),
  'BR-23': eachLine((line) =>
    [...at(line, 'cbc:InvoicedQuantity'), ...at(line, 'cbc:CreditedQuantity')].every(
      ({ attributes }) => (attributes['unitCode'] ?? '') !== '',
    ),
  ),
  'BR-24': eachLine((line) => said(line, 'cbc:LineExtensionAmount')),
  'BR-25': eachLine((line) => said(line, 'cac:Item/cbc:Name')),
  'BR-26': eachLine((line) => said(line, 'cac:Price/cbc:PriceAmount')),
  'BR-27': eachLine((line) => (number(line, 'cac:Price/cbc:PriceAmount') ?? 0n) >= 0n),
  'BR-45': eachSubtotal((one) => said(one, 'cbc:TaxableAmount')),
  'BR-46': eachSubtotal((one) => said(one, 'cbc:TaxAmount')),
  'BR-47': eachSubtotal((one) => vatCategories(one, 'cac:TaxCategory').some((category) => said(category, 'cbc:ID'))),
  'BR-48': eachSubtotal((one) =>
    vatCategories(one, 'cac:TaxCategory').every((category) => said(category, 'cbc:Percent') || outside(category)),
  ),
  'BR-49': (invoice) => at(invoice, 'cac:PaymentMeans').every((means) => said(means, 'cbc:PaymentMeansCode')),
  'BR-52': (invoice) => at(invoice, 'cac:AdditionalDocumentReference').every((one) => said(one, 'cbc:ID')),
  'BR-53': (invoice) =>
    at(invoice, 'cbc:TaxCurrencyCode').every(({ text }) =>
      at(invoice, 'cac:TaxTotal/cbc:TaxAmount').some(({ attributes }) => attributes['currencyID'] === text),
    ),
  'BR-55': (invoice) =>
    at(invoice, 'cac:BillingReference').every((one) => said(one, 'cac:InvoiceDocumentReference/cbc:ID')),
  'BR-61': (invoice) =>
    at(invoice, 'cac:PaymentMeans').every(
      (means) =>
        !['30', '58'].includes(textAt(means, 'cbc:PaymentMeansCode')) ||
        said(means, 'cac:PayeeFinancialAccount/cbc:ID'),
    ),
};

const SUMS: Record<string, Rule> = {
  'BR-CO-04': eachLine((line) =>
    vatCategories(line, 'cac:Item/cac:ClassifiedTaxCategory').some((category) => said(category, 'cbc:ID')),
  ),
  'BR-CO-10': (invoice) =>
    same(number(invoice, `${TOTAL}/cbc:LineExtensionAmount`), sum(lines(invoice), 'cbc:LineExtensionAmount')),
  'BR-CO-13': (invoice) =>
    same(number(invoice, `${TOTAL}/cbc:TaxExclusiveAmount`), number(invoice, `${TOTAL}/cbc:LineExtensionAmount`)),
  'BR-CO-14': (invoice) =>
    same(number(invoice, 'cac:TaxTotal/cbc:TaxAmount'), sum(subtotals(invoice), 'cbc:TaxAmount')),
  'BR-CO-15': (invoice) =>
    at(invoice, 'cac:TaxTotal').length === 1 &&
    same(
      number(invoice, `${TOTAL}/cbc:TaxInclusiveAmount`),
      plus(number(invoice, `${TOTAL}/cbc:TaxExclusiveAmount`), number(invoice, 'cac:TaxTotal/cbc:TaxAmount')),
    ),
  'BR-CO-16': (invoice) =>
    same(
      plus(number(invoice, `${TOTAL}/cbc:PayableAmount`), orZero(invoice, `${TOTAL}/cbc:PrepaidAmount`)),
      plus(number(invoice, `${TOTAL}/cbc:TaxInclusiveAmount`), orZero(invoice, `${TOTAL}/cbc:PayableRoundingAmount`)),
    ),
  'BR-CO-17': eachSubtotal((one) => has(one, 'cac:TaxCategory/cbc:Percent') || number(one, 'cbc:TaxAmount') === 0n),
  'BR-CO-18': (invoice) => subtotals(invoice).length > 0,
  'BR-CO-25': (invoice) =>
    (number(invoice, `${TOTAL}/cbc:PayableAmount`) ?? 0n) <= 0n ||
    said(invoice, 'cbc:DueDate') ||
    said(invoice, 'cac:PaymentTerms/cbc:Note'),
  'BR-CO-26': (invoice) =>
    ['cac:PartyIdentification/cbc:ID', 'cac:PartyLegalEntity/cbc:CompanyID', 'cac:PartyTaxScheme/cbc:CompanyID'].some(
      (path) => said(invoice, `${PARTY.seller}/${path}`),
    ),
  'BR-DEC-09': (invoice) => twoPlaces(invoice, `${TOTAL}/cbc:LineExtensionAmount`),
  'BR-DEC-12': (invoice) => twoPlaces(invoice, `${TOTAL}/cbc:TaxExclusiveAmount`),
  'BR-DEC-13': (invoice) => twoPlaces(invoice, 'cac:TaxTotal/cbc:TaxAmount'),
  'BR-DEC-14': (invoice) => twoPlaces(invoice, `${TOTAL}/cbc:TaxInclusiveAmount`),
  'BR-DEC-16': (invoice) => twoPlaces(invoice, `${TOTAL}/cbc:PrepaidAmount`),
  'BR-DEC-17': (invoice) => twoPlaces(invoice, `${TOTAL}/cbc:PayableRoundingAmount`),
  'BR-DEC-18': (invoice) => twoPlaces(invoice, `${TOTAL}/cbc:PayableAmount`),
  'BR-DEC-19': eachSubtotal((one) => twoPlaces(one, 'cbc:TaxableAmount')),
  'BR-DEC-20': eachSubtotal((one) => twoPlaces(one, 'cbc:TaxAmount')),
  'BR-DEC-23': eachLine((line) => twoPlaces(line, 'cbc:LineExtensionAmount')),
};

/** "Not subject to VAT". The rules of the other categories need a line of theirs, which BR-O-12 forbids. */
const OUTSIDE_SCOPE: Record<string, Rule> = {
  'BR-O-01': (invoice) => !lineCategories(invoice).some(outside) || outsideSubtotals(invoice).length === 1,
  'BR-O-02': (invoice) => !lineCategories(invoice).some(outside) || vatNumbers(invoice).length === 0,
  'BR-O-05': (invoice) =>
    lineCategories(invoice)
      .filter(outside)
      .every((one) => !has(one, 'cbc:Percent')),
  'BR-O-08': (invoice) =>
    outsideSubtotals(invoice).every((one) =>
      same(
        number(one, 'cbc:TaxableAmount'),
        sum(
          lines(invoice).filter((line) => vatCategories(line, 'cac:Item/cac:ClassifiedTaxCategory').some(outside)),
          'cbc:LineExtensionAmount',
        ),
      ),
    ),
  'BR-O-09': (invoice) => outsideSubtotals(invoice).every((one) => number(one, 'cbc:TaxAmount') === 0n),
  'BR-O-10': (invoice) =>
    outsideSubtotals(invoice).every(
      (one) =>
        said(one, 'cac:TaxCategory/cbc:TaxExemptionReason') || said(one, 'cac:TaxCategory/cbc:TaxExemptionReasonCode'),
    ),
  'BR-O-11': (invoice) => outsideSubtotals(invoice).length === 0 || subtotals(invoice).length === 1,
  'BR-O-12': (invoice) => outsideSubtotals(invoice).length === 0 || lineCategories(invoice).every(outside),
};

const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && isISO31661Alpha2(code);
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** The part of a free text that is read as UNTDID 4451 code: `#AAI#…`. */
const subjectCode = (text: string): string => /^[^#]*#([^#]*)#/.exec(text)?.[1] ?? '';

const CODE_LISTS: Record<string, Rule> = {
  'BR-CL-01': (invoice) =>
    at(invoice, 'cbc:InvoiceTypeCode').every(({ text }) => ['380', '384', '389', '751'].includes(text)) &&
    at(invoice, 'cbc:CreditNoteTypeCode').every(({ text }) => ['381', '396', '532'].includes(text)),
  'BR-CL-03': (invoice) =>
    everywhere(invoice).every(
      ({ element }) => !element.name.endsWith('Amount') || CURRENCIES.has(element.attributes['currencyID'] ?? ''),
    ),
  'BR-CL-04': (invoice) => CURRENCIES.has(textAt(invoice, 'cbc:DocumentCurrencyCode')),
  'BR-CL-08': (invoice) =>
    at(invoice, 'cbc:Note').every(({ text }) => subjectCode(text).length !== 3 || subjectCode(text) === 'AAI'),
  'BR-CL-10': (invoice) => schemes(invoice, 'cac:PartyIdentification', 'cbc:ID').every(isIso6523),
  'BR-CL-11': (invoice) => schemes(invoice, 'cac:PartyLegalEntity', 'cbc:CompanyID').every(isIso6523),
  'BR-CL-14': (invoice) => named(invoice, 'cbc:IdentificationCode').every(({ text }) => isCountry(text)),
  'BR-CL-16': (invoice) => named(invoice, 'cbc:PaymentMeansCode').every(({ text }) => /^([1-9]\d?|ZZZ)$/.test(text)),
  'BR-CL-17': (invoice) => at(invoice, 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory').every(hasTaxCode),
  'BR-CL-18': (invoice) =>
    lines(invoice)
      .flatMap((line) => at(line, 'cac:Item/cac:ClassifiedTaxCategory'))
      .every(hasTaxCode),
  'BR-CL-22': (invoice) =>
    named(invoice, 'cbc:TaxExemptionReasonCode').every(({ text }) => /^VATEX-EU-(O|AE|IC|G)$/.test(text)),
  'BR-CL-23': (invoice) =>
    named(invoice, 'cbc:InvoicedQuantity', 'cbc:CreditedQuantity').every(({ attributes }) =>
      ['C62', 'DAY', 'EA'].includes(attributes['unitCode'] ?? ''),
    ),
  'UBL-SR-43': (invoice) =>
    at(invoice, 'cac:AdditionalDocumentReference').every((one) => {
      const code = textAt(one, 'cbc:DocumentTypeCode');
      return code === '' || code === '130' || (code === '50' && invoice.name === 'CreditNote');
    }),
};

const hasTaxCode = (category: XmlElement): boolean =>
  ['AE', 'L', 'M', 'E', 'S', 'Z', 'G', 'O', 'K', 'B'].includes(textAt(category, 'cbc:ID'));
const isIso6523 = (code: string): boolean => /^0(00[2-9]|0[1-9]\d|1\d\d|2[0-4]\d)$/.test(code);
const schemes = (invoice: XmlElement, owner: string, name: string): string[] =>
  named(invoice, owner).flatMap((element) =>
    at(element, name).flatMap(({ attributes }) => attributes['schemeID'] ?? []),
  );

/** Elements whose rules are not written here, with those rules: a document that starts to use one must bring them along. */
const UNUSED: Record<string, string> = {
  'cac:AllowanceCharge':
    'BR-31 to 44, BR-CO-05 to 08, 11, 12, 21 to 24, BR-DEC-01 to 06, 10, 11, 24 to 28, BR-O-03, 04, 06, 07, 13, 14',
  'cac:InvoicePeriod': 'BR-29, BR-30, BR-CO-03, 19, 20',
  'cac:PayeeParty': 'BR-17',
  'cac:TaxRepresentativeParty': 'BR-18 to 20, BR-56',
  'cac:PartyTaxScheme': 'BR-CO-09',
  'cac:Delivery': 'BR-57',
  'cac:PayeeFinancialAccount': 'BR-50',
  'cac:CardAccount': 'BR-51',
  'cac:AdditionalItemProperty': 'BR-54',
  'cbc:EndpointID': 'BR-62, BR-63, BR-CL-25',
  'cac:StandardItemIdentification': 'BR-64, BR-CL-21',
  'cac:CommodityClassification': 'BR-65, BR-CL-13',
  'cac:OriginCountry': 'BR-CL-15',
  'cbc:TaxCurrencyCode': 'BR-CL-05, BR-DEC-15',
};

export const RULES: Record<string, Rule> = { ...CORE, ...SUMS, ...OUTSIDE_SCOPE, ...CODE_LISTS };

/** The ids of the rules an invoice or credit note breaks, in order. Empty when it keeps them all. */
export function brokenRules(xml: string): string[] {
  const invoice = readXml(xml);
  const broken = Object.keys(RULES).filter((id) => RULES[id]?.(invoice) === false);
  const names = new Set(everywhere(invoice).map(({ element }) => element.name));
  return [
    ...broken,
    ...Object.keys(UNUSED)
      .filter((name) => names.has(name))
      .map((name) => `${name}: ${UNUSED[name]}`),
  ];
}
