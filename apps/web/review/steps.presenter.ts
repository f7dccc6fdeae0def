import { type ClaimOnDesk } from '#claims';
import { LINES_AT_ONCE, linesIn, money, partIn } from '../page/index.js';
import { deskPage, nameOf } from './desk.presenter.js';
import { type Work } from './verdict.js';

export type StepName = Extract<Work, 'return' | 'reject' | 'hold' | 'release' | 'unfund'>;

interface StepTexts {
  readonly verb: string;
  readonly button: string;
  readonly warning: boolean;
  readonly label: string;
  readonly hint: string;
  readonly optional?: true;
  readonly effects: (desk: ClaimOnDesk) => readonly string[];
  readonly done: string;
  readonly undo: string;
}

const credited = ({ claim, authorityName }: ClaimOnDesk): string =>
  `A credit note of ${money(claim.totalPence)} for invoice ${nameOf(claim)} is issued at once and e-mailed to ${authorityName}.`;
const BACK = 'The days it drew go back to the allocation, and its trainer invoices can be claimed again.';

export const STEP_TEXTS: Readonly<Record<StepName, StepTexts>> = {
  return: {
    verb: 'Return',
    button: 'Return the claim',
    warning: false,
    label: 'What has to be corrected?',
    hint: 'The authority reads this, and the credit note prints it.',
    effects: (desk) => [
      `${desk.authorityName} can correct the claim and submit it again, with a new invoice and ${desk.paidWithinDays} days anew.`,
      credited(desk),
      BACK,
    ],
    done: 'is returned',
    undo: 'It cannot be taken back: the authority submits it again, corrected or as it was.',
  },
  reject: {
    verb: 'Reject',
    button: 'Reject the claim',
    warning: true,
    label: 'Why is it rejected?',
    hint: 'The authority reads this, and the credit note prints it.',
    effects: (desk) => [
      'The claim ends here. What more evidence could cure is returned instead.',
      credited(desk),
      BACK,
    ],
    done: 'is rejected',
    undo: 'It cannot be taken back: the authority may claim the trainer invoices again in a new claim.',
  },
  hold: {
    verb: 'Hold',
    button: 'Put on hold',
    warning: false,
    label: 'Why is it held?',
    hint: 'The authority reads this.',
    effects: (desk) => [
      'The claim keeps its state, leaves the queue and blocks nobody.',
      `Its ${desk.paidWithinDays} days go on. It can be released at any time.`,
    ],
    done: 'is on hold',
    undo: 'It is under “On hold” in the queue, where it can be released.',
  },
  release: {
    verb: 'Release',
    button: 'Release the claim',
    warning: false,
    label: 'Why is it released?',
    hint: 'The authority reads this.',
    optional: true,
    effects: () => ['The claim goes on where it stood.'],
    done: 'is released',
    undo: 'It is in the queue again. To undo this, put it on hold again.',
  },
  unfund: {
    verb: 'Take back the funding of',
    button: 'Take the funding back',
    warning: true,
    label: 'Why is its funding taken back?',
    hint: 'It stands in the claim’s timeline, which the authority reads.',
    effects: (desk) => [
      `The ${money(desk.claim.approvedPence)} set aside for this claim is free again. When the next receipt from ${desk.funder} is confirmed, it goes to the claims that are first then.`,
      'The claim is approved again and waits for money, in the place of the queue that its due date gives it.',
      ...(desk.claim.hold
        ? ['It is on hold, so the next receipt does not fund it.']
        : ['If the money should go to others, put the claim on hold first: the next receipt may fund it again.']),
      `Its ${desk.paidWithinDays} days go on. Nothing is credited, and ${desk.authorityName} is not e-mailed.`,
    ],
    done: 'is no longer funded',
    undo: 'It is approved and waits for money again. It is funded anew when the next receipt is confirmed and reaches it.',
  },
};

/** Reasons typed for single lines, by line. */
export type LineReasons = ReadonlyMap<string, string>;

/** The page that says what a step does, and asks why. */
export function stepPage(desk: ClaimOnDesk, step: StepName, typed: { reason: string; lines: LineReasons }) {
  const texts = STEP_TEXTS[step];
  return {
    ...deskPage(desk),
    step,
    texts,
    title: `${texts.verb} ${nameOf(desk.claim)}`,
    effects: texts.effects(desk),
    reason: typed.reason,
    more: Math.max(0, linesIn(desk.claim.trainerInvoices) - LINES_AT_ONCE),
    invoices:
      step !== 'return'
        ? []
        : partIn(desk.claim.trainerInvoices, 1).map((invoice) => ({
            title: `${invoice.trainer.name}, invoice ${invoice.number}`,
            lines: invoice.lines.map((line, at) => ({
              id: line.id,
              label: `Line ${at + 1}: ${line.description}, ${money(line.netPence)}`,
              reason: typed.lines.get(line.id) ?? '',
            })),
          })),
  };
}
