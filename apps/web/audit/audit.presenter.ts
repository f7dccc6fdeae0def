import { type AuditEntryView, type AuditVerification } from '#audit';
import { addDays, isCalendarDate, londonHour, type Problem } from '#kernel';
import { type NameOf } from '#identity';
import { addressWith, dateTime, plural, TableFile, words } from '../page/index.js';

type Filters = Readonly<Record<string, string>>;

const HOUR_MS = 3_600_000;

/** The instant a day begins in London: in summer at eleven in the evening, UTC. Summer time never begins or ends at midnight. */
function startOfDay(date: string): string {
  const midnight = new Date(`${date}T00:00:00.000Z`);
  return new Date(midnight.getTime() - londonHour(midnight) * HOUR_MS).toISOString();
}

/** The page's filters as the trail's own: days, both included, become instants. A day that is none is a problem of its field. */
export function trailQuery(filters: Filters): { query: Record<string, string>; problems: Problem[] } {
  const { from, to, ...query } = filters as Record<string, string>;
  const problems = Object.entries({ from, to })
    .filter(([, day]) => day !== undefined && !isCalendarDate(day))
    .map(([path]) => ({ path, code: 'not_a_date', message: 'Enter a real date.' }));
  if (problems.length > 0) return { query, problems };
  return {
    query: {
      ...query,
      ...(from === undefined ? {} : { from: startOfDay(from) }),
      ...(to === undefined ? {} : { to: startOfDay(addDays(to, 1)) }),
    },
    problems,
  };
}

/** `claim.findings_recorded` as `Claim: findings recorded`. */
export function actionWords(action: string): string {
  const [subject = '', ...rest] = action.split('.');
  const text = `${words(subject)}: ${words(rest.join(' '))}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const LONGEST_VALUE = 200;

/** A value of an entry as text. Figures and codes stand as the trail holds them. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return value;
  const text =
    Array.isArray(value) && value.every((one) => typeof one !== 'object') ? value.join(', ') : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** `fundedDays` as `funded days`. */
const fieldWords = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

/** What an entry changed: each field, before and after. */
export function changesOf({ before, after }: Pick<AuditEntryView, 'before' | 'after'>): string[] {
  const was = (before ?? {}) as Record<string, unknown>;
  const is = (after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => valueText(was[name]) !== valueText(is[name]))
    .map((name) => {
      const now = valueText(is[name]);
      return name in was ? `${fieldWords(name)}: ${valueText(was[name])} → ${now}` : `${fieldWords(name)}: ${now}`;
    });
}

/** The entries as the page shows them. Names are looked up for reading: the trail holds none. */
export const trailRows = (entries: readonly AuditEntryView[], nameOf: NameOf, filters: Filters) =>
  entries.map((entry) => ({
    at: dateTime(entry.at),
    place: `${entry.chain} ${entry.seq}`,
    who: nameOf(entry.actorId),
    organisation: entry.organisation,
    byThem: addressWith('/audit', filters, { actorId: entry.actorId, cursor: null }),
    what: actionWords(entry.action),
    such: addressWith('/audit', filters, { action: entry.action, cursor: null }),
    claim: entry.claimId === null ? null : `/claims/${entry.claimId}`,
    changes: changesOf(entry),
    reason: entry.reason,
    hash: entry.hash,
    previousHash: entry.previousHash,
  }));

/** What a verification found, in sentences. */
export function verificationWords(found: AuditVerification): { ok: boolean; heading: string; sentences: string[] } {
  const entries = `${plural(found.entries, 'entry', 'entries')} in ${plural(found.chains, 'chain')}`;
  const checked = `${entries} and ${plural(found.checkpoints, 'checkpoint')} were recomputed.`;
  if (found.ok) {
    const sound = 'Each is what it was when it was written, none is missing, and none was put in later.';
    return { ok: true, heading: 'The trail is whole', sentences: [checked, sound] };
  }
  const number = found.truncated ? `more than ${found.findings.length}` : plural(found.findings.length, 'thing');
  return {
    ok: false,
    heading: 'Something is wrong with the trail',
    sentences: [
      checked,
      `${number.charAt(0).toUpperCase() + number.slice(1)} ${found.findings.length === 1 ? 'is' : 'are'} not as written; they are listed below.`,
      'Change nothing. Keep the database as it is, find the last backup from before the damage, and tell the people responsible for it.',
    ],
  };
}

/** What is wrong, place by place. */
export const findingsTable = (found: AuditVerification) => ({
  caption: 'What is wrong',
  empty: '',
  head: [{ text: 'Chain' }, { text: 'Entry', numeric: true }, { text: 'What' }],
  rows: found.findings.map(({ chain, seq, detail }) => [
    { text: chain },
    { text: String(seq), numeric: true },
    { text: detail },
  ]),
  file: new TableFile('findings', ['chain', 'seq', 'kind', 'detail'], found.findings),
});
