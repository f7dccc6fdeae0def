import { describe, expect, it } from '@jest/globals';
import { InvalidValue } from '#kernel';
import { element, xmlText } from '#platform/xml';
import { aCategory, aCreditNote, aDocument } from '../../../test/builders/document.js';
import { brokenRules, RULES } from '../../../test/support/en16931.js';
import { at, readXml, textAt } from '../../../test/support/xml-tree.js';
import { buildUbl } from './ubl.js';

const xmlOf = (model: Parameters<typeof buildUbl>[0]): string => buildUbl(model).toString('utf8');

describe('the claim invoice as UBL', () => {
  const invoice = readXml(xmlOf(aDocument()));

  it('keeps every business rule', () => {
    expect(brokenRules(xmlOf(aDocument()))).toEqual([]);
  });

  it('is an invoice outside the scope of VAT from the authority to the payer', () => {
    expect(invoice.name).toBe('Invoice');
    expect(textAt(invoice, 'cbc:InvoiceTypeCode')).toBe('380');
    expect(textAt(invoice, 'cbc:DueDate')).toBe('2018-06-02');
    expect(textAt(invoice, 'cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID')).toBe('E09000005');
    const buyer = at(invoice, 'cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID')[0];
    expect([buyer?.text, buyer?.attributes['schemeID']]).toEqual(['56581221042', '0151']);
    const category = at(invoice, 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory')[0];
    expect(category && textAt(category, 'cbc:TaxExemptionReasonCode')).toBe('VATEX-EU-O');
    expect(category && textAt(category, 'cbc:TaxExemptionReason')).toBe(
      'Outside the scope of UK VAT: contribution to costs, no supply is made',
    );
  });

  it('has a line for each category with an amount, at its reimbursement', () => {
    const lines = at(invoice, 'cac:InvoiceLine');
    expect(lines.map((line) => [textAt(line, 'cac:Item/cbc:Name'), textAt(line, 'cbc:LineExtensionAmount')])).toEqual([
      ['Targeted training', '1000.00'],
      ['Travel', '78.20'],
    ]);
    expect(textAt(invoice, 'cac:LegalMonetaryTotal/cbc:PayableAmount')).toBe('1078.20');
  });

  it('never holds the account', () => {
    expect(xmlOf(aDocument())).not.toContain('4321');
  });
});

describe('the credit note as UBL', () => {
  it('keeps every business rule and refers to its invoice', () => {
    const xml = xmlOf(aCreditNote());
    const note = readXml(xml);
    expect(brokenRules(xml)).toEqual([]);
    expect([note.name, textAt(note, 'cbc:CreditNoteTypeCode')]).toEqual(['CreditNote', '381']);
    const invoice = at(note, 'cac:BillingReference/cac:InvoiceDocumentReference')[0];
    expect(invoice && [textAt(invoice, 'cbc:ID'), textAt(invoice, 'cbc:IssueDate')]).toEqual([
      'EIP2-BRENT-0001',
      '2018-04-03',
    ]);
  });

  it('is not made without its invoice or without an amount', () => {
    expect(() => buildUbl(aCreditNote({ refersTo: null }))).toThrow(InvalidValue);
    expect(() => buildUbl(aCreditNote({ categories: [aCategory()], totalPence: 0 }))).toThrow('no amount');
  });
});

describe('what could break the XML', () => {
  it('a total that is not the sum is refused', () => {
    expect(() => buildUbl(aDocument({ totalPence: 107821 }))).toThrow('do not add up');
  });

  it('text is escaped and comes back as it was', () => {
    const legalName = `Kirklees & <Sons> "quoted" 'single' ]]> Ελληνικά 𝒜`;
    const model = aDocument({ seller: { ...aDocument().seller, legalName } });
    const read = readXml(xmlOf(model));
    expect(textAt(read, 'cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName')).toBe(
      legalName,
    );
  });

  it.each(['\u0000', '\u0007', '\ufffe', '\ud800'])('the character %j is refused', (character) => {
    expect(() => xmlText(`a${character}b`)).toThrow(InvalidValue);
    expect(() => element('a', '', { b: character })).toThrow(InvalidValue);
  });

  it('a "#" in a text is not taken for a subject code (BR-CL-08)', () => {
    const references = { ...aDocument().references, authorityReference: '#XYZ#1' };
    expect(brokenRules(xmlOf(aDocument({ references })))).toEqual([]);
  });
});

describe('the judge of business rules', () => {
  const good = xmlOf(aDocument());
  const drop = (name: string) => (xml: string) => xml.replace(new RegExp(`<${name}[ >].*?</${name}>`), '');
  const put = (from: string, to: string) => (xml: string) => xml.replace(from, to);
  const amount = (name: string, to: string) => (xml: string) =>
    xml.replace(new RegExp(`(<cbc:${name}[^>]*>)[^<]*`), `$1${to}`);
  const inSeller = '<cac:AccountingSupplierParty><cac:Party>';
  const vatNumber =
    '<cac:PartyTaxScheme><cbc:CompanyID>GB999999973</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>';
  const secondSubtotal = (xml: string) => xml.replace(/<cac:TaxSubtotal>.*?<\/cac:TaxSubtotal>/, (one) => one + one);
  const noLineCategory = (xml: string) =>
    xml.replaceAll(/<cac:ClassifiedTaxCategory>.*?<\/cac:ClassifiedTaxCategory>/g, '');

  const MUTATIONS: Record<string, (xml: string) => string> = {
    'BR-01': drop('cbc:CustomizationID'),
    'BR-02': drop('cbc:ID'),
    'BR-03': drop('cbc:IssueDate'),
    'BR-04': drop('cbc:InvoiceTypeCode'),
    'BR-05': drop('cbc:DocumentCurrencyCode'),
    'BR-06': put('<cbc:RegistrationName>London Borough of Brent</cbc:RegistrationName>', ''),
    'BR-07': put('<cbc:RegistrationName>Resolutions Consultancy</cbc:RegistrationName>', ''),
    'BR-08': drop('cac:PostalAddress'),
    'BR-09': put('<cbc:IdentificationCode>GB</cbc:IdentificationCode>', ''),
    'BR-10': put('<cac:PostalAddress><cbc:StreetName>1/153', '<cac:Gone><cbc:StreetName>1/153'),
    'BR-11': put('<cbc:IdentificationCode>AU</cbc:IdentificationCode>', ''),
    'BR-12': (xml) =>
      xml.replace(/(<cac:LegalMonetaryTotal>)<cbc:LineExtensionAmount.*?<\/cbc:LineExtensionAmount>/, '$1'),
    'BR-13': drop('cbc:TaxExclusiveAmount'),
    'BR-14': drop('cbc:TaxInclusiveAmount'),
    'BR-15': drop('cbc:PayableAmount'),
    'BR-16': (xml) => xml.replaceAll(/<cac:InvoiceLine>.*?<\/cac:InvoiceLine>/g, ''),
    'BR-21': put('<cac:InvoiceLine><cbc:ID>1</cbc:ID>', '<cac:InvoiceLine>'),
    'BR-22': drop('cbc:InvoicedQuantity'),
    'BR-23': put(' unitCode="C62"', ''),
    'BR-24': (xml) => xml.replace(/(<cac:InvoiceLine>.*?)<cbc:LineExtensionAmount.*?<\/cbc:LineExtensionAmount>/, '$1'),
    'BR-25': put('<cbc:Name>Targeted training</cbc:Name>', ''),
    'BR-26': drop('cbc:PriceAmount'),
    'BR-27': amount('PriceAmount', '-1000.00'),
    'BR-45': drop('cbc:TaxableAmount'),
    'BR-46': (xml) => xml.replace(/(<cac:TaxSubtotal>.*?)<cbc:TaxAmount.*?<\/cbc:TaxAmount>/, '$1'),
    'BR-47': (xml) => xml.replace(/<cac:TaxCategory>.*?<\/cac:TaxCategory>/, ''),
    'BR-48': put('<cac:TaxCategory><cbc:ID>O<', '<cac:TaxCategory><cbc:ID>E<'),
    'BR-49': drop('cbc:PaymentMeansCode'),
    'BR-52': put('<cac:ProjectReference>', '<cac:AdditionalDocumentReference/><cac:ProjectReference>'),
    'BR-53': put(
      '</cbc:DocumentCurrencyCode>',
      '</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>',
    ),
    'BR-55': put('<cac:ProjectReference>', '<cac:BillingReference/><cac:ProjectReference>'),
    'BR-61': put('<cbc:PaymentMeansCode>1<', '<cbc:PaymentMeansCode>30<'),
    'BR-CO-04': noLineCategory,
    'BR-CO-10': (xml) => xml.replace(/(<cac:LegalMonetaryTotal><cbc:LineExtensionAmount[^>]*>)[^<]*/, '$11078.21'),
    'BR-CO-13': amount('TaxExclusiveAmount', '1078.21'),
    'BR-CO-14': amount('TaxAmount', '0.01'),
    'BR-CO-15': amount('TaxInclusiveAmount', '1078.21'),
    'BR-CO-16': amount('PayableAmount', '1078.21'),
    'BR-CO-17': (xml) => xml.replaceAll(/(<cbc:TaxAmount[^>]*>)[^<]*/g, '$10.01'),
    'BR-CO-18': (xml) => xml.replace(/<cac:TaxSubtotal>.*?<\/cac:TaxSubtotal>/, ''),
    'BR-CO-25': (xml) => drop('cac:PaymentTerms')(drop('cbc:DueDate')(xml)),
    'BR-CO-26': drop('cac:PartyIdentification'),
    'BR-DEC-09': (xml) => xml.replace(/(<cac:LegalMonetaryTotal><cbc:LineExtensionAmount[^>]*>)[^<]*/, '$11078.200'),
    'BR-DEC-12': amount('TaxExclusiveAmount', '1078.200'),
    'BR-DEC-13': amount('TaxAmount', '0.000'),
    'BR-DEC-14': amount('TaxInclusiveAmount', '1078.200'),
    'BR-DEC-16': put(
      '<cbc:PayableAmount',
      '<cbc:PrepaidAmount currencyID="GBP">0.000</cbc:PrepaidAmount><cbc:PayableAmount',
    ),
    'BR-DEC-17': put(
      '<cbc:PayableAmount',
      '<cbc:PayableRoundingAmount currencyID="GBP">0.000</cbc:PayableRoundingAmount><cbc:PayableAmount',
    ),
    'BR-DEC-18': amount('PayableAmount', '1078.200'),
    'BR-DEC-19': amount('TaxableAmount', '1078.200'),
    'BR-DEC-20': (xml) => xml.replace(/(<cac:TaxSubtotal>.*?<cbc:TaxAmount[^>]*>)[^<]*/, '$10.000'),
    'BR-DEC-23': (xml) => xml.replace(/(<cac:InvoiceLine>.*?<cbc:LineExtensionAmount[^>]*>)[^<]*/, '$11000.000'),
    'BR-O-01': secondSubtotal,
    'BR-O-02': put(inSeller, inSeller + vatNumber),
    'BR-O-05': put(
      '<cac:ClassifiedTaxCategory><cbc:ID>O</cbc:ID>',
      '<cac:ClassifiedTaxCategory><cbc:ID>O</cbc:ID><cbc:Percent>0</cbc:Percent>',
    ),
    'BR-O-08': amount('TaxableAmount', '1078.21'),
    'BR-O-09': (xml) => xml.replace(/(<cac:TaxSubtotal>.*?<cbc:TaxAmount[^>]*>)[^<]*/, '$10.01'),
    'BR-O-10': (xml) => drop('cbc:TaxExemptionReason')(drop('cbc:TaxExemptionReasonCode')(xml)),
    'BR-O-11': secondSubtotal,
    'BR-O-12': put('<cac:ClassifiedTaxCategory><cbc:ID>O<', '<cac:ClassifiedTaxCategory><cbc:ID>S<'),
    'BR-CL-01': put('>380<', '>999<'),
    'BR-CL-03': put('currencyID="GBP"', 'currencyID="GBX"'),
    'BR-CL-04': put('<cbc:DocumentCurrencyCode>GBP', '<cbc:DocumentCurrencyCode>GBX'),
    'BR-CL-08': put('<cbc:Note>', '<cbc:Note>#XQX#'),
    'BR-CL-10': put('<cbc:ID>E09000005', '<cbc:ID schemeID="ONS">E09000005'),
    'BR-CL-11': put('schemeID="0151"', 'schemeID="ABN"'),
    'BR-CL-14': put('>GB<', '>UK2<'),
    'BR-CL-16': put('<cbc:PaymentMeansCode>1<', '<cbc:PaymentMeansCode>BACS<'),
    'BR-CL-17': put('<cac:TaxCategory><cbc:ID>O<', '<cac:TaxCategory><cbc:ID>X<'),
    'BR-CL-18': put('<cac:ClassifiedTaxCategory><cbc:ID>O<', '<cac:ClassifiedTaxCategory><cbc:ID>X<'),
    'BR-CL-22': put('VATEX-EU-O', 'VATEX-GB-O'),
    'BR-CL-23': put('unitCode="C62"', 'unitCode="pieces"'),
    'UBL-SR-43': put(
      '<cac:ProjectReference>',
      '<cac:AdditionalDocumentReference><cbc:ID>x</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference><cac:ProjectReference>',
    ),
  };

  it('has a broken document for each of its rules', () => {
    expect(Object.keys(MUTATIONS).sort()).toEqual(Object.keys(RULES).sort());
  });

  it.each(Object.keys(MUTATIONS))('finds a document that breaks %s', (id) => {
    const broken = MUTATIONS[id]?.(good) ?? good;
    expect(broken).not.toBe(good);
    const tagsKept =
      id === 'BR-10'
        ? broken.replace(
            'AU</cbc:IdentificationCode></cac:Country></cac:PostalAddress>',
            'AU</cbc:IdentificationCode></cac:Country></cac:Gone>',
          )
        : broken;
    expect(brokenRules(tagsKept)).toContain(id);
  });

  it('does not pass over an element whose rules it does not know', () => {
    const charged = good.replace('<cac:TaxTotal>', '<cac:AllowanceCharge/><cac:TaxTotal>');
    expect(brokenRules(charged).join()).toContain('cac:AllowanceCharge');
  });
});
