import { longDate } from '#kernel';
import type { DocumentBuyer, DocumentModel, DocumentSeller } from './document-model.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days as a reader wants them: `12–13, 19 Mar 2018; 3 Apr 2018`. In order, each once, neighbours joined. */
export function deliveryDates(dates: readonly string[]): string {
  const months = new Map<string, number[]>();
  for (const date of [...new Set(dates)].sort()) {
    const { day, month, year } = parts(date);
    const key = `${MONTHS[month - 1] ?? ''} ${year}`;
    months.set(key, [...(months.get(key) ?? []), day]);
  }
  return [...months].map(([month, days]) => `${ranges(days).join(', ')} ${month}`).join('; ');
}

function ranges(days: readonly number[]): string[] {
  const found: { from: number; to: number }[] = [];
  for (const day of days) {
    const last = found.at(-1);
    if (last !== undefined && last.to === day - 1) last.to = day;
    else found.push({ from: day, to: day });
  }
  return found.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
}

function parts(date: string): { year: string; month: number; day: number } {
  const [year = '', month = '', day = ''] = date.split('-');
  return { year, month: Number(month), day: Number(day) };
}

export const kindTitle = (kind: DocumentModel['kind']): string =>
  kind === 'invoice' ? 'Claim invoice' : 'Credit note';

/** The buyer in one line, in the guide's form (Payment): legal name, trading name, identifier in brackets. */
export function buyerName({ legalName, tradingName, identifier }: DocumentBuyer): string {
  const trading = tradingName === null ? '' : ` trading as ${tradingName}`;
  return `${legalName}${trading} (${identifier.label}${identifier.value})`;
}

const REGIONS = new Intl.DisplayNames(['en-GB'], { type: 'region' });

/** The sender's address down to its country, since the letter goes abroad. */
export const sellerAddress = (seller: DocumentSeller): string[] => [
  ...addressUnder(seller),
  REGIONS.of(seller.country) ?? seller.country,
];

/** An address as it stands under a name. */
export const addressUnder = ({
  addressLines,
  postcode,
}: Pick<DocumentSeller, 'addressLines' | 'postcode'>): string[] => [
  ...addressLines,
  ...(postcode === null ? [] : [postcode]),
];

/** Said on the page and in the XML: an authority's claim is a contribution to costs and no supply (docs/documents.md). */
export const VAT_EXEMPTION_REASON = 'Outside the scope of UK VAT: contribution to costs, no supply is made';
export const NOT_A_VAT_INVOICE = 'This is not a VAT invoice.';
/** By what law is a term of the programme (guide, Payment). */
export const vatExcluded = ({ vatRecovery }: DocumentModel): string => `VAT excluded: recovered under ${vatRecovery}.`;

/** When the money comes, in one or two sentences; what a credit note does instead. */
export function paymentTerms(model: DocumentModel): string {
  if (model.kind === 'credit_note') {
    const invoice = model.refersTo === null ? 'the claim invoice' : `claim invoice ${model.refersTo.number}`;
    if (model.takenBack) {
      return `This amount of ${invoice} is taken back: ${model.buyer.shortName} sets it off against what it pays next, or it is repaid.`;
    }
    return `No payment is asked for: this amount is taken off what is due on ${invoice}.`;
  }
  const { withinDays, onReceiptFromFunder, funderShortName } = model.payment;
  const due = model.dueOn === null ? '' : ` Due by ${longDate(model.dueOn)}.`;
  const when = onReceiptFromFunder ? ` on receipt of payment from ${funderShortName},` : '';
  return `${model.buyer.shortName} pays${when} within ${withinDays} days.${due}`;
}

/** Where the money goes. Only the last four digits: the document travels by e-mail. */
export function paymentAccount(model: DocumentModel): string {
  if (model.account === null)
    return `Paid to the account that ${model.buyer.shortName} holds for ${model.seller.legalName}.`;
  return `Paid to ${model.account.accountName}, account ending ${model.account.lastFour}.`;
}
