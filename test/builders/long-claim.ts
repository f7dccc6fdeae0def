import { type ClaimView } from '#claims';
import { linePath } from '#claims/domain';

/** How often what is expensive was looked at: steps of the working, flags, and descriptions of lines. */
export interface Looks {
  working: number;
  flags: number;
  lines: number;
}

/** A submitted claim as pages get it, of `invoices` times `perInvoice` lines, each with two steps of working and a flag. */
export function longClaim(invoices: number, perInvoice: number): { claim: ClaimView; looks: Looks } {
  const looks: Looks = { working: 0, flags: 0, lines: 0 };
  const counted = <T extends object>(target: T, key: string, what: keyof Looks, value: string): T =>
    Object.defineProperty(target, key, {
      enumerable: true,
      get: () => {
        looks[what]++;
        return value;
      },
    });
  const paths = Array.from({ length: invoices }, (_, at) =>
    Array.from({ length: perInvoice }, (__, lineAt) => linePath(at, lineAt)),
  ).flat();
  const step = (path: string, figure: string) =>
    counted(
      { text: `How ${path} comes to its ${figure}.`, inputs: {}, resultPence: 1 },
      'for',
      'working',
      `${path}.${figure}`,
    );
  const line = (at: number, lineAt: number) => ({
    ...{ id: `l${at}-${lineAt}`, kind: 'training', category: 'targeted', rate: 'standard', bookedOn: '2018-01-10' },
    ...{
      deliveredOn: ['2018-03-12'],
      trainerDays: '0.1',
      netPence: 10_000,
      vatRate: '20',
      vatPence: 2_000,
      decision: null,
    },
  });
  const claim = {
    ...{ id: 'c', authority: 'BRENT', state: 'submitted', invoiceNumber: 'EIP2-BRENT-0001', hold: null, version: 3 },
    ...{ totalPence: 1, approvedPence: null, submittedAt: null, dueOn: null, returnNotes: [], waitingFor: null },
    ...{ authorityReference: null, purchaseOrder: null, expectedPaymentOn: null, estimatedFrom: null, adjustments: [] },
    flags: paths.map((path) => counted({ code: 'above_funded_rate', message: 'Too much.' }, 'path', 'flags', path)),
    trainerInvoices: Array.from({ length: invoices }, (_, at) => ({
      ...{
        id: `i${at}`,
        number: `N-${at}`,
        issuedOn: '2018-03-14',
        paidOn: '2018-03-28',
        paymentProof: null,
        distinct: null,
      },
      trainer: { name: 'A Trainer Ltd', vatNumber: null, country: 'GB' },
      lines: Array.from({ length: perInvoice }, (__, lineAt) =>
        counted(line(at, lineAt), 'description', 'lines', `Day ${lineAt + 1} of invoice ${at + 1}`),
      ),
    })),
    calculation: {
      categories: { targeted: { days: '1', netPence: 1, eligiblePence: 1, reimbursementPence: 1 } },
      ...{ totalPence: 1, grossPence: 1, vatPence: 0, aboveRatePence: 0, authorityPence: 0, problems: [] },
      working: [
        ...paths.flatMap((path) => [step(path, 'fundedCostPence'), step(path, 'eligiblePence')]),
        { for: 'targeted', text: 'Targeted training: how it comes to £0.01.', inputs: {}, resultPence: 1 },
        { for: 'totalPence', text: 'Total reimbursement.', inputs: {}, resultPence: 1 },
      ],
    },
  } as unknown as ClaimView;
  return { claim, looks };
}
