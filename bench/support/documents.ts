import { type DocumentModel } from '../../libs/claims/documents/index.js';

/** Claim invoices as they mostly are: one trainer's invoice, a line of training, a line of travel; each one's words differ. */
export function documentModels(count: number): DocumentModel[] {
  return Array.from({ length: count }, (_, index) => documentModel(index + 1));
}

function documentModel(serial: number): DocumentModel {
  return {
    kind: 'invoice',
    number: `EIP2-BRENT-${String(serial).padStart(4, '0')}`,
    issuedOn: '2018-04-03',
    dueOn: '2018-06-02',
    currency: 'GBP',
    programme: { code: 'EIP2', name: 'Signs of Safety England Innovation Project, Second Wave' },
    seller: {
      legalName: 'London Borough of Brent',
      addressLines: ['1 Invented Way', 'Wembley'],
      postcode: 'HA9 0ZZ',
      country: 'GB',
      onsCode: 'E09000005',
      contactName: 'Finance office',
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
      authorityReference: `CYP/2018/${serial}`,
      purchaseOrder: null,
      claimId: `01890a5d-ac96-774b-bcce-${String(serial).padStart(12, '0')}`,
    },
    refersTo: null,
    reason: null,
    categories: [
      category('targeted', 'Targeted training', 200_000, '2'),
      category('coaching_qa', 'Coaching and QA for in-house basic training', 0, '0'),
      category('practice_leader', 'Practice leader development', 0, '0'),
      category('travel', 'Travel', 15_640, null),
    ],
    totalPence: 107_820,
    trainerInvoices: [trainerInvoice(serial)],
    account: { accountName: 'London Borough of Brent', lastFour: '4321' },
    vatRecovery: 'section 33 of the Value Added Tax Act 1994',
    payment: { withinDays: 60, onReceiptFromFunder: true, funderShortName: 'DfE' },
  };
}

const category = (code: string, label: string, pence: number, fundedDays: string | null) => ({
  code,
  label,
  netPence: pence,
  eligiblePence: pence,
  reimbursementPence: pence / 2,
  fundedDays,
});

const trainerInvoice = (serial: number): DocumentModel['trainerInvoices'][number] => ({
  trainerName: `Trainer ${serial * 7919} Ltd`,
  number: `INV-${String(serial * 104_729).padStart(6, '0')}`,
  issuedOn: '2018-03-14',
  lines: [
    {
      kind: 'training',
      categoryLabel: 'Targeted training',
      rateLabel: 'standard rate',
      description: `Safety planning for group ${serial}, two days`,
      deliveredOn: ['2018-03-12', '2018-03-13'],
      trainerDays: '2',
      ratePence: 100_000,
      netPence: 200_000,
      eligiblePence: 200_000,
    },
    {
      kind: 'travel',
      categoryLabel: 'Travel',
      rateLabel: null,
      description: `Rail, ${serial} miles`,
      deliveredOn: [],
      trainerDays: null,
      ratePence: null,
      netPence: 15_640,
      eligiblePence: 15_640,
    },
  ],
});
