import { describe, expect, it } from '@jest/globals';
import { aCreditNote, aDocument } from '../../../test/builders/document.js';
import { buyerName, deliveryDates, paymentAccount, paymentTerms, sellerAddress } from './wording.js';

describe('the words of a document', () => {
  it.each([
    [['2018-03-13', '2018-03-12'], '12–13 Mar 2018'],
    [['2018-03-12', '2018-03-14', '2018-03-14', '2018-03-15', '2018-04-02'], '12, 14–15 Mar 2018; 2 Apr 2018'],
    [['2018-12-31', '2019-01-01'], '31 Dec 2018; 1 Jan 2019'],
    [[], ''],
  ])('joins delivery days: %j', (dates, text) => {
    expect(deliveryDates(dates)).toBe(text);
  });

  it('names the payer as the guide does', () => {
    expect(buyerName(aDocument().buyer)).toBe(
      'Resolutions Consultancy trading as Munro, Turnell and Murphy Child Protection Consultancy (ABN56581221042)',
    );
  });

  it('ends the address with the country', () => {
    expect(sellerAddress(aDocument().seller).slice(-2)).toEqual(['HA9 0FJ', 'United Kingdom']);
  });

  it('says when and where it is paid', () => {
    expect(paymentTerms(aDocument())).toBe(
      'MTM pays on receipt of payment from DfE, within 60 days. Due by 2 June 2018.',
    );
    expect(paymentTerms(aCreditNote())).toContain('No payment is asked for');
    const takenBack = paymentTerms({ ...aCreditNote(), takenBack: true });
    expect(takenBack).toContain('MTM sets it off against what it pays next, or it is repaid.');
    expect(paymentAccount(aDocument())).toBe('Paid to London Borough of Brent, account ending 4321.');
    expect(paymentAccount(aDocument({ account: null }))).toContain('the account that MTM holds');
  });
});
