import { type AssuranceItemView } from '#funding';
import { type StatusTag } from '../page/index.js';

type Item = Pick<AssuranceItemView, 'state' | 'evidenceCount'>;

/** Why a claim was drawn (docs/assurance.md, The draw). */
export const WHY: Readonly<Record<AssuranceItemView['why'], string>> = {
  above_threshold: 'Above the threshold',
  each_authority: 'One of each authority',
  value_share: 'By lot, for the share',
};

/** How far the check of a drawn claim is; who acts next is in the word. */
export function itemStatus({ state, evidenceCount }: Item): StatusTag {
  if (state === 'passed') return { text: 'Passed', tag: 'green' };
  if (state === 'failed') return { text: 'Not borne out', tag: 'red' };
  return evidenceCount > 0
    ? { text: 'To be checked', tag: 'light-blue' }
    : { text: 'Evidence asked for', tag: 'orange' };
}

/** What the letter asks for too (libs/funding/assurance/evidence-letter.ts). */
export const ASKED_FOR = [
  'the trainer’s invoice',
  'who attended, such as a signed register for each day',
  'the proof that the trainer was paid, such as a bank statement or a remittance',
] as const;

export const STATES = [
  { value: '', text: 'All' },
  { value: 'requested', text: 'Not checked yet' },
  { value: 'passed', text: 'Passed' },
  { value: 'failed', text: 'Not borne out' },
] as const;

export const stateChoices = (wanted: string | undefined) =>
  STATES.map((one) => ({ ...one, selected: one.value === (wanted ?? '') }));

export const sampleAddress = (id: string): string => `/assurance/${id}`;
export const itemAddress = (id: string): string => `/assurance/items/${id}`;
