import { type ClaimListItem, type DocumentItem } from '#claims';
import { type AuditVerification } from '#audit';
import { type TrialBalanceView } from '#ledger';
import { type RunView } from '#payments';
import { type DemoClient } from './client.js';
import { MTM } from './people.js';

export interface ClaimResult extends ClaimListItem {
  documents: DocumentItem[];
}

/** What an allocation has left, as the API tells it. */
interface DaysLeft {
  category: string;
  label: string;
  allottedDays: string;
  drawnDays: string;
  leftDays: string;
}

/** What the quarter left behind, read back through the API as the auditor. */
export interface Results {
  /** By authority, then in the order they were made. */
  claims: ClaimResult[];
  days: Map<string, DaysLeft[]>;
  /** In the order they were prepared. */
  runs: RunView[];
  books: TrialBalanceView;
  /** The books in plain text, as hledger and ledger read them. */
  journal: string;
  audit: AuditVerification;
}

export async function collect(client: DemoClient): Promise<Results> {
  const read = <T>(path: string): Promise<T> => client.get<T>(MTM.auditor, path);
  const claims: ClaimResult[] = [];
  for (const claim of await everyItem<ClaimListItem>(read, '/claims')) {
    const { items } = await read<{ items: DocumentItem[] }>(`/claims/${claim.id}/documents`);
    claims.push({ ...claim, documents: items });
  }
  claims.sort((a, b) => compare(a.authority, b.authority) || compare(a.id, b.id));
  const days = new Map<string, DaysLeft[]>();
  for (const authority of new Set(claims.map((claim) => claim.authority))) {
    days.set(authority, (await read<{ items: DaysLeft[] }>(`/authorities/${authority}/allocations`)).items);
  }
  const runs: RunView[] = [];
  for (const { id } of (await everyItem<{ id: string }>(read, '/payment-runs')).reverse()) {
    runs.push(await read<RunView>(`/payment-runs/${id}`));
  }
  return {
    ...{ claims, days, runs },
    books: await read<TrialBalanceView>('/ledger/trial-balance'),
    journal: await (await client.ask(MTM.auditor, 'GET', '/ledger/journal')).text(),
    audit: await read<AuditVerification>('/audit/verify'),
  };
}

/** Page by page, as any list is read. */
async function everyItem<T>(read: <A>(path: string) => Promise<A>, path: string): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: T[]; nextCursor: string | null } = await read(`${path}?limit=10${after}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
