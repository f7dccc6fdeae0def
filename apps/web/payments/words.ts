import { type PaymentDetail, type RunListItem } from '#payments';
import { type StatusTag } from '../page/index.js';

type RunState = RunListItem['state'];
type PaymentState = PaymentDetail['state'];

const RUNS: Readonly<Record<RunState, StatusTag>> = {
  prepared: { text: 'Waiting for an approver', tag: 'yellow' },
  approved: { text: 'Approved', tag: 'green' },
  cancelled: { text: 'Cancelled', tag: 'grey' },
};

const PAYMENTS: Readonly<Record<PaymentState, StatusTag>> = {
  scheduled: { text: 'Waiting for the bank', tag: 'light-blue' },
  settled: { text: 'Paid', tag: 'green' },
  refused: { text: 'Refused by the bank', tag: 'red' },
  bounced: { text: 'Came back', tag: 'orange' },
  cancelled: { text: 'Cancelled', tag: 'grey' },
};

export const runStatus = (state: RunState): StatusTag => RUNS[state];

/** A payment's state in a word; as long as its run is not approved, the bank knows nothing of it. */
export const paymentStatus = (state: PaymentState, runState?: RunState): StatusTag =>
  state === 'scheduled' && runState === 'prepared'
    ? { text: 'Waiting for an approver', tag: 'yellow' }
    : PAYMENTS[state];

export const RUN_CHOICES = choices(RUNS);
export const PAYMENT_CHOICES = choices(PAYMENTS);

function choices<S extends string>(tags: Readonly<Record<S, StatusTag>>): { value: S; text: string }[] {
  return (Object.entries(tags) as [S, StatusTag][]).map(([value, { text }]) => ({ value, text }));
}

/** The choices of a filter as a GOV.UK select takes them. */
export const selectItems = (
  all: string,
  choices: readonly { value: string; text: string }[],
  chosen: string | undefined,
): { value: string; text: string; selected: boolean }[] =>
  [{ value: '', text: all }, ...choices].map((one) => ({ ...one, selected: one.value === (chosen ?? '') }));
