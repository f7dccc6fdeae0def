import { type Tx } from '#platform/database';
import { readPain002, type PaymentOutcome, type StatusEvent, type StatusReason } from '../bank-files/pain002.js';
import { FileRefused } from './refusal.js';

/** More than any run has payments. */
const MOST_STATUSES = 20_000;

/** What a report says, before it is held against the run it is about. */
export interface Report {
  messageId: string;
  /** The message id of the bank file: the number of the run. */
  run: string;
  status: string | null;
  /** Of single payments, parts or the whole file, the most particular first. */
  said: Said[];
}

interface Said {
  endToEndId: string | null;
  part: string | null;
  status: string | null;
  outcome: PaymentOutcome;
  reasonCode: string | null;
}

/** One payment of the run with what the report says of it; the payment is null when the run has none of that id. */
export interface Status {
  endToEndId: string;
  paymentId: string | null;
  status: string | null;
  outcome: PaymentOutcome;
  reasonCode: string | null;
}

/** Throws BankFileError; FileRefused `unsupported_message` when it is about another kind of file, `too_many_statuses`. */
export async function readReport(source: AsyncIterable<Uint8Array>): Promise<Report> {
  let group: Extract<StatusEvent, { type: 'group' }> | null = null;
  const [single, parts]: [Said[], Said[]] = [[], []];
  for await (const event of readPain002(source)) {
    if (event.type === 'group') group = event;
    else if (event.type === 'transaction') single.push(saidOf(event, event.endToEndId, event.paymentInformationId));
    else parts.push(saidOf(event, null, event.paymentInformationId));
    if (single.length + parts.length > MOST_STATUSES) {
      throw new FileRefused('too_many_statuses', event.where, 'The report has more payments than any run.');
    }
  }
  const { where, originalMessage, originalMessageId: run, messageId } = group!;
  if (!originalMessage.startsWith('pain.001')) {
    throw new FileRefused(
      'unsupported_message',
      where,
      'The report is about another kind of file than a payment run’s.',
    );
  }
  return { messageId, run, status: group!.status, said: [...single, ...parts, saidOf(group!, null, null)] };
}

type Level = { status: string | null; outcome: PaymentOutcome | null; reasons: readonly StatusReason[] };

const saidOf = ({ status, outcome, reasons }: Level, endToEndId: string | null, part: string | null): Said => ({
  endToEndId,
  part,
  status,
  outcome: outcome ?? 'unknown',
  reasonCode: reasons.find(({ code }) => code !== null)?.code?.slice(0, 35) ?? null,
});

/**
 * The payments of the run that the report speaks of. A bank that refuses a part or the whole file may leave its transactions out: then
 * every payment of it that is not named is refused. Other words on a part or the whole are of no payment. Throws FileRefused
 * `unknown_payment_run` for a file that was never sent.
 */
export async function statusesOf(tx: Tx, programme: string, report: Report): Promise<Status[]> {
  const payments = await tx.query<{ id: string; endToEndId: string; part: string }>(
    `SELECT p.id, p.end_to_end_id AS "endToEndId", r.number || CASE WHEN b.sort_code IS NULL THEN '-O' ELSE '-D' END AS part
       FROM payment_run r JOIN payment p ON p.run_id = r.id
       JOIN bank_details b ON b.authority_code = p.authority_code AND b.version = p.account_version
      WHERE r.programme_code = $1 AND r.number = $2 AND r.state = 'approved' AND p.amount_pence > 0 ORDER BY p.id`,
    [programme, report.run],
  );
  if (payments.length === 0) {
    throw new FileRefused(
      'unknown_payment_run',
      'OrgnlMsgId',
      'The report is about a file that no payment run has sent.',
    );
  }
  const byEndToEnd = new Map(payments.map((payment) => [payment.endToEndId, payment]));
  const statuses: Status[] = [];
  const named = new Set<string>();
  // Named without a word of its own, as the schema allows: what is said of its part or of the file is said of it.
  const mute = new Map<string, Omit<Said, 'endToEndId' | 'part'>>();
  for (const { endToEndId, part, ...words } of report.said) {
    if (endToEndId !== null && words.status === null) {
      mute.set(endToEndId, words);
    } else if (endToEndId !== null) {
      statuses.push({ endToEndId, paymentId: byEndToEnd.get(endToEndId)?.id ?? null, ...words });
      named.add(endToEndId);
    } else if (words.outcome === 'rejected' || words.outcome === 'cancelled') {
      const left = payments.filter((one) => (part === null || one.part === part) && !named.has(one.endToEndId));
      for (const one of left) {
        const reasonCode = mute.get(one.endToEndId)?.reasonCode ?? words.reasonCode;
        statuses.push({ endToEndId: one.endToEndId, paymentId: one.id, ...words, reasonCode });
        named.add(one.endToEndId);
      }
    }
  }
  for (const [endToEndId, words] of mute) {
    if (!named.has(endToEndId))
      statuses.push({ endToEndId, paymentId: byEndToEnd.get(endToEndId)?.id ?? null, ...words });
  }
  return statuses;
}
