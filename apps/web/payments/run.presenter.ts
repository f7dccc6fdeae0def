import { may, type NameOf } from '#identity';
import { type PaymentView, type RunApprovers, type RunView } from '#payments';
import { type Actor } from '#platform/database';
import { date, dateTime, money, plural } from '../page/index.js';
import { paymentStatus, runStatus } from './words.js';

/** Everything the page of a run shows and offers to this reader. */
export function runPage(
  actor: Actor,
  run: RunView,
  who: { nameOf: NameOf; authorityOf: NameOf; approvers: RunApprovers },
) {
  const prepared = run.state === 'prepared';
  const { you } = who.approvers;
  return {
    run,
    status: runStatus(run.state),
    summary: summary(run, who.nameOf),
    payments: paymentsTable(run, who.authorityOf),
    separation: prepared ? separation(who.approvers) : null,
    mayApprove: prepared && you.allowed,
    /** Told to an approver who is not the one. */
    whyNot: prepared && !you.allowed && you.code !== 'role_not_allowed' ? you.reason : null,
    mayCancel: prepared && may(actor, 'payment_run.cancel').allowed,
    hasFile: run.fileSha256 !== null && readsFile(actor),
    next: nextStep(actor, run),
  };
}

function summary(run: RunView, nameOf: NameOf): { key: string; value: string }[] {
  const claimsPence = run.payments.reduce((sum, one) => sum + one.amountPence + one.setOffPence, 0);
  const rows: [string, string | null][] = [
    ['Claims', `${plural(run.claimCount, 'claim')}, ${money(claimsPence)}`],
    ['Set off', claimsPence === run.totalPence ? null : money(claimsPence - run.totalPence)],
    ['To be paid', `${money(run.totalPence)} in ${plural(asked(run).length, 'payment')}`],
    ['Prepared', `by ${nameOf(run.preparedBy)} on ${dateTime(run.preparedAt)}`],
    ['Approved', run.approvedBy && `by ${nameOf(run.approvedBy)} on ${dateTime(run.approvedAt)}`],
    ['Cancelled because', run.cancelReason],
    ['Bank file’s SHA-256', run.fileSha256],
  ];
  return rows.flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}

/** Payments that the bank is asked for. */
const asked = (run: RunView): PaymentView[] => run.payments.filter(({ amountPence }) => amountPence > 0);

/** Whole account numbers are in the file: for those alone who take it to the bank. */
const readsFile = (actor: Actor): boolean => may(actor, 'payment.read_bank_file').allowed;

/** What happens next, and who does it. */
function nextStep(actor: Actor, run: RunView): string | null {
  if (run.state === 'prepared') return 'An MTM approver looks at it, then approves it or asks for it to be cancelled.';
  if (run.state === 'cancelled') return 'Nothing was paid. Its claims are funded again and go into another run.';
  const waiting = asked(run).filter(({ state }) => state === 'scheduled');
  if (waiting.length > 0) {
    const upload = readsFile(actor) ? 'Upload the bank file to the bank.' : 'MTM uploads the bank file to the bank.';
    return `${upload} ${plural(waiting.length, 'payment')} of ${asked(run).length} ${waiting.length === 1 ? 'waits' : 'wait'} to be seen on a bank statement.`;
  }
  return asked(run).length === 0 ? 'All that was due was set off, so the bank is not asked for anything.' : null;
}

/** Who may approve, in words: a maker never approves, nor does who approved a claim that is in it. */
function separation({ people }: RunApprovers): { rule: string; people: { name: string; text: string }[] } {
  return {
    rule: 'Who prepared a run does not approve it, nor does anybody who approved a claim in it.',
    people: people.map(({ name, barred }) => ({
      name,
      text:
        barred === null
          ? 'may approve it'
          : barred === 'prepared_it'
            ? 'may not: prepared this run'
            : 'may not: approved a claim in this run',
    })),
  };
}

function paymentsTable(run: RunView, authorityOf: NameOf) {
  return {
    caption: 'Payments',
    head: [
      { text: 'Authority' },
      { text: 'Status' },
      { text: 'Claims', numeric: true },
      { text: 'Set off', numeric: true },
      { text: 'To be paid', numeric: true },
      { text: 'Account' },
      { text: 'Reference' },
    ],
    rows: run.payments.map((payment) => [
      { text: authorityOf(payment.authority), href: `/payments/${run.id}/${payment.id}` },
      paymentStatus(payment.state, run.state),
      {
        text: money(payment.amountPence + payment.setOffPence),
        numeric: true,
        hint: plural(payment.claimIds.length, 'claim'),
      },
      { text: payment.setOffPence === 0 ? '–' : money(-payment.setOffPence), numeric: true },
      { text: money(payment.amountPence), numeric: true },
      { text: payment.accountName, hint: `ending ${payment.lastFour}` },
      {
        text: payment.reference,
        nowrap: true,
        ...(payment.settledAt ? { hint: `Paid ${date(payment.settledAt)}` } : {}),
      },
    ]),
    empty: '',
  };
}
