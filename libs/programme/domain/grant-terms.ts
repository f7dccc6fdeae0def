import type { Problem } from '#kernel';
import { CODE, type JsonReader } from './json-reader.js';

/** What becomes of money that a financial year did not need. */
export const UNDERSPENDS = ['carried_forward', 'returned_at_year_end'] as const;
export type Underspend = (typeof UNDERSPENDS)[number];

/**
 * What a programme's funder pays each authority directly for a post (guide, Direct funding for LAs). The amount is not
 * written down: it is worked out from these parts.
 */
export interface GrantTerms {
  readonly version: number;
  readonly label: string;
  readonly currency: string;
  /** What the post costs a year, in pence. */
  readonly annualPence: number;
  readonly years: number;
  /** First day of the first quarter. */
  readonly startsOn: string;
  /** Quarters taken off for filling the post; they are the first ones. */
  readonly vacantQuarters: number;
  /** What the post may be for. */
  readonly posts: readonly { readonly code: string; readonly label: string }[];
  readonly underspend: Underspend;
}

const FIELDS = [
  ...['version', 'label', 'currency', 'annualPence', 'years', 'startsOn'],
  ...['vacantQuarters', 'posts', 'underspend'],
];

/** Reads the form only; what must hold between fields is `checkGrantTerms`. */
export function readGrantTerms(reader: JsonReader): GrantTerms {
  reader.fields(FIELDS);
  return {
    version: reader.get('version').whole(1, 100_000),
    label: reader.get('label').text(),
    currency: reader.get('currency').text(/^[A-Z]{3}$/, 'an ISO 4217 code such as GBP'),
    annualPence: reader.get('annualPence').whole(1, 1_000_000_000),
    years: reader.get('years').whole(1, 10),
    startsOn: reader.get('startsOn').date(),
    vacantQuarters: reader.get('vacantQuarters').whole(0, 39),
    posts: reader
      .get('posts')
      .items()
      .map((post) => {
        post.fields(['code', 'label']);
        return {
          code: post.get('code').text(CODE, 'a code of small letters, digits and _'),
          label: post.get('label').text(),
        };
      }),
    underspend: reader.get('underspend').oneOf(UNDERSPENDS),
  };
}

const FIRST_OF_A_QUARTER = /-(01|04|07|10)-01$/;

/** What must hold between the fields; an empty list means that they can be used. */
export function checkGrantTerms(grant: GrantTerms, path: string): Problem[] {
  const problems: Problem[] = [];
  const note = (field: string, message: string) =>
    problems.push({ path: `${path}.${field}`, code: 'terms_invalid', message });
  if (!FIRST_OF_A_QUARTER.test(grant.startsOn)) {
    note('startsOn', 'is not the first day of a quarter: 1 January, April, July or October');
  }
  if (grant.vacantQuarters >= grant.years * 4) note('vacantQuarters', 'leaves no quarter to pay for');
  if (grant.posts.length === 0) note('posts', 'needs at least one entry');
  const codes = grant.posts.map(({ code }) => code);
  codes.forEach((code, at) => {
    if (codes.indexOf(code) !== at) note(`posts[${at}].code`, `${code} is there twice`);
  });
  return problems;
}
