import { type ClaimView } from '#claims';
import { partOfLines, partsOfInvoices } from '../page/index.js';
import { invoiceTitle } from './desk.presenter.js';

/** As many as are told of at the top of a page; each stands beside its line too. */
export const NOTICES_AT_ONCE = 20;

/** Which part of a claim's lines a page shows, and where another one is; without an address it cannot be linked. */
export interface ShownPart {
  readonly part: number;
  readonly addressOf?: (part: number) => string;
}

export interface Notice {
  readonly text: string;
  /** What it speaks of, in words. */
  readonly where: string;
  /** The place on the page, or on the page of another part. */
  readonly href: string | null;
}

/** Flags and what approval lacks: what it is, and where. Without `shown`, the page shows every trainer invoice. */
export function noticesOf(
  claim: ClaimView,
  items: readonly { path: string; message: string }[],
  shown?: ShownPart,
): { items: Notice[]; more: number } {
  const partOfLine = partOfLines(claim.trainerInvoices);
  const parts = partsOfInvoices(claim.trainerInvoices);
  const at = (where: string, id: string, first: number, last: number): Pick<Notice, 'where' | 'href'> => {
    if (!shown || (first <= shown.part && shown.part <= last)) return { where, href: `#${id}` };
    return { where: `${where} (part ${first})`, href: shown.addressOf ? `${shown.addressOf(first)}#${id}` : null };
  };
  const placeOf = (path: string): Pick<Notice, 'where' | 'href'> => {
    const [, invoiceAt, lineAt] = /^trainerInvoices\[(\d+)\](?:\.lines\[(\d+)\])?/.exec(path) ?? [];
    const invoice = claim.trainerInvoices[Number(invoiceAt)];
    if (!invoice) return { where: 'The whole claim', href: null };
    const line = lineAt === undefined ? undefined : invoice.lines[Number(lineAt)];
    const { first, last } = parts[Number(invoiceAt)]!;
    if (!line) return at(invoiceTitle(invoice), `invoice-${invoice.id}`, first, last);
    const part = partOfLine(Number(invoiceAt), Number(lineAt));
    return at(`${invoiceTitle(invoice)}, line ${Number(lineAt) + 1}`, `line-${line.id}`, part, part);
  };
  return {
    items: broadestFirst(items)
      .slice(0, NOTICES_AT_ONCE)
      .map(({ path, message }) => ({ text: message, ...placeOf(path) })),
    more: Math.max(0, items.length - NOTICES_AT_ONCE),
  };
}

/** What is about the whole claim stands nowhere else, and what is about an invoice concerns all its lines. */
function broadestFirst<Item extends { path: string }>(items: readonly Item[]): Item[] {
  const piles: [Item[], Item[], Item[]] = [[], [], []];
  for (const item of items) {
    const { path } = item;
    piles[path === '' ? 0 : path.includes('.lines[') ? 2 : 1].push(item);
  }
  return piles.flat();
}
