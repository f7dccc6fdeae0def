import type {
  DocumentCategory,
  DocumentLine,
  DocumentModel,
  DocumentTrainerInvoice,
} from '../../libs/claims/documents/document-model.js';

/** Worked example 1 of docs/domain.md as a claim invoice; a test changes what it is about. */
export function aDocument(changes: Partial<DocumentModel> = {}): DocumentModel {
  return {
    kind: 'invoice',
    number: 'EIP2-BRENT-0001',
    issuedOn: '2018-04-03',
    dueOn: '2018-06-02',
    currency: 'GBP',
    programme: { code: 'EIP2', name: 'Signs of Safety England Innovation Project, Second Wave' },
    seller: {
      legalName: 'London Borough of Brent',
      addressLines: ['Brent Civic Centre', 'Engineers Way', 'Wembley'],
      postcode: 'HA9 0FJ',
      country: 'GB',
      onsCode: 'E09000005',
      contactName: 'Finance team',
      contactEmail: 'finance@brent.example',
    },
    buyer: {
      legalName: 'Resolutions Consultancy',
      tradingName: 'Munro, Turnell and Murphy Child Protection Consultancy',
      shortName: 'MTM',
      addressLines: ['1/153 Kensington Street', 'East Perth WA', 'Australia 6004'],
      country: 'AU',
      identifier: { value: '56581221042', scheme: '0151', label: 'ABN' },
    },
    references: {
      authorityReference: 'CYP/2018/117',
      purchaseOrder: null,
      claimId: '01890a5d-ac96-774b-bcce-b302099a8057',
    },
    refersTo: null,
    reason: null,
    categories: [
      aCategory({ netPence: 200000, eligiblePence: 200000, reimbursementPence: 100000, fundedDays: '2' }),
      aCategory({ code: 'coaching_qa', label: 'Coaching and QA for in-house basic training', fundedDays: '0' }),
      aCategory({ code: 'practice_leader', label: 'Practice leader development', fundedDays: '0' }),
      aCategory({ code: 'travel', label: 'Travel', netPence: 15640, eligiblePence: 15640, reimbursementPence: 7820 }),
    ],
    totalPence: 107820,
    trainerInvoices: [aTrainerInvoice()],
    account: { accountName: 'London Borough of Brent', lastFour: '4321' },
    vatRecovery: 'section 33 of the Value Added Tax Act 1994',
    payment: { withinDays: 60, onReceiptFromFunder: true, funderShortName: 'DfE' },
    ...changes,
  };
}

/** A credit note for what `aDocument` claims. */
export const aCreditNote = (changes: Partial<DocumentModel> = {}): DocumentModel =>
  aDocument({
    kind: 'credit_note',
    number: 'EIP2-BRENT-CN-0001',
    issuedOn: '2018-04-20',
    dueOn: null,
    refersTo: { number: 'EIP2-BRENT-0001', issuedOn: '2018-04-03' },
    reason: 'Returned: the second trainer invoice is missing',
    account: null,
    ...changes,
  });

export const aCategory = (changes: Partial<DocumentCategory> = {}): DocumentCategory => ({
  code: 'targeted',
  label: 'Targeted training',
  netPence: 0,
  eligiblePence: 0,
  reimbursementPence: 0,
  fundedDays: null,
  ...changes,
});

export const aTrainerInvoice = (changes: Partial<DocumentTrainerInvoice> = {}): DocumentTrainerInvoice => ({
  trainerName: 'A Trainer Ltd',
  number: 'INV-0042',
  issuedOn: '2018-03-14',
  lines: [aLine(), aTravelLine()],
  ...changes,
});

export const aLine = (changes: Partial<DocumentLine> = {}): DocumentLine => ({
  kind: 'training',
  categoryLabel: 'Targeted training',
  rateLabel: 'standard rate',
  description: 'Safety planning, two days',
  deliveredOn: ['2018-03-12', '2018-03-13'],
  trainerDays: '2',
  ratePence: 100000,
  netPence: 200000,
  eligiblePence: 200000,
  ...changes,
});

export const aTravelLine = (changes: Partial<DocumentLine> = {}): DocumentLine =>
  aLine({
    kind: 'travel',
    categoryLabel: 'Travel',
    rateLabel: null,
    description: 'Rail',
    deliveredOn: [],
    trainerDays: null,
    ratePence: null,
    netPence: 15640,
    eligiblePence: 15640,
    ...changes,
  });
