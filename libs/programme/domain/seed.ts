import { PAYER_ORGANISATION } from '#identity/domain';
import { formatDays, parseDays, PLAIN_ADDRESS, type MilliDays, type Problem } from '#kernel';
import { checkTerms } from './check-terms.js';
import { checkGrantTerms, readGrantTerms, type GrantTerms } from './grant-terms.js';
import { CODE, JsonReader, UPPER_CODE } from './json-reader.js';
import { readTerms, termsInvalid } from './parse-terms.js';
import type { ProgrammeTerms } from './terms.js';

interface SeedAuthority {
  readonly code: string;
  readonly name: string;
  readonly legalName: string;
  readonly onsCode: string;
  readonly country: string;
  /** Null until the authority enters them itself. */
  readonly address: { readonly lines: readonly string[]; readonly postcode: string | null } | null;
  readonly invoiceContact: { readonly name: string; readonly email: string } | null;
}

/** What an authority is allotted at the start; the coordinator's moves come on top. */
interface SeedAllocation {
  readonly authority: string;
  readonly allocation: string;
  readonly days: MilliDays;
}

/** The reserve of a pool, where a move names its ends. */
export const RESERVE = 'RESERVE';

/**
 * Codes that no programme and no authority may have: the payer's and the system's name a chain of the audit trail each, as
 * every programme's and authority's code does, and the reserve is an end of a move.
 */
const RESERVED_CODES: readonly string[] = [PAYER_ORGANISATION, 'SYSTEM', RESERVE];

/** A programme file: what `seeds/` holds and the loader writes to the database. */
export interface Seed {
  readonly programme: { readonly code: string; readonly name: string };
  /** Versions in order, each in force from a later date than the one before. */
  readonly terms: readonly ProgrammeTerms[];
  readonly authorities: readonly SeedAuthority[];
  readonly allocations: readonly SeedAllocation[];
  /** Days of each pool that no authority has yet. */
  readonly reserves: readonly { readonly allocation: string; readonly days: MilliDays }[];
  /** What the funder pays each authority directly; null in a programme without such a grant. */
  readonly grant: GrantTerms | null;
}

/** A programme file from JSON. Throws malformed `terms_invalid` that names every problem. */
export function parseSeed(json: unknown): Seed {
  const problems: Problem[] = [];
  const reader = new JsonReader(json, '', problems).fields(
    ['code', 'name', 'terms', 'authorities'],
    ['$comment', 'grant'],
  );
  const code = reader.get('code').text(UPPER_CODE, 'a code of capitals and digits');
  const name = reader.get('name').text();
  const terms = reader.get('terms').items().map(readTerms);
  const entries = reader.get('authorities').items().map(readAuthority);
  const grant = reader.get('grant').orNull(readGrantTerms);
  if (problems.length === 0) checkSeed(code, terms, entries, problems);
  if (problems.length === 0 && grant) problems.push(...checkGrantTerms(grant, 'grant'));
  if (problems.length > 0) throw termsInvalid(problems);
  const newest = terms.at(-1) as ProgrammeTerms;
  return {
    programme: { code, name },
    terms,
    authorities: entries.map((entry) => entry.authority),
    allocations: entries.flatMap((entry) => allotted(newest, entry)),
    reserves: Object.entries(newest.allocations).flatMap(([allocation, item]) =>
      item.kind === 'pool' ? [{ allocation, days: parseDays(item.reserveDays) }] : [],
    ),
    grant,
  };
}

interface Entry {
  readonly authority: SeedAuthority;
  readonly poolDays: Readonly<Record<string, MilliDays>>;
}

function readAuthority(reader: JsonReader): Entry {
  reader.fields(['code', 'name', 'legalName', 'onsCode'], ['country', 'address', 'invoiceContact', 'poolDays']);
  const poolDays = reader.has('poolDays')
    ? reader
        .get('poolDays')
        .entries()
        .map(([code, days]) => {
          if (!CODE.test(code)) days.note('has a name that is not the code of an allocation');
          return [code, parseDays(days.decimal())] as const;
        })
    : [];
  return {
    authority: {
      code: reader.get('code').text(UPPER_CODE, 'a code of capitals and digits'),
      name: reader.get('name').text(),
      legalName: reader.get('legalName').text(),
      onsCode: reader.get('onsCode').text(/^[ENSW]\d{8}$/, 'an ONS code: a letter and eight digits'),
      country: reader.has('country') ? reader.get('country').text(/^[A-Z]{2}$/, 'an ISO 3166 code') : 'GB',
      address: reader.get('address').orNull((address) => {
        address.fields(['lines', 'postcode']);
        return {
          lines: address
            .get('lines')
            .items()
            .map((line) => line.text()),
          postcode: address.get('postcode').orNull((postcode) => postcode.text()),
        };
      }),
      invoiceContact: reader.get('invoiceContact').orNull((contact) => {
        contact.fields(['name', 'email']);
        return {
          name: contact.get('name').text(),
          email: contact.get('email').text(PLAIN_ADDRESS, 'an e-mail address'),
        };
      }),
    },
    poolDays: Object.fromEntries(poolDays),
  };
}

function allotted(terms: ProgrammeTerms, entry: Entry): SeedAllocation[] {
  return Object.entries(terms.allocations).map(([allocation, item]) => ({
    authority: entry.authority.code,
    allocation,
    days: item.kind === 'per_authority' ? parseDays(item.daysPerAuthority) : (entry.poolDays[allocation] ?? 0),
  }));
}

function checkSeed(
  code: string,
  terms: readonly ProgrammeTerms[],
  entries: readonly Entry[],
  problems: Problem[],
): void {
  const note = (path: string, message: string) => problems.push({ path, code: 'terms_invalid', message });
  const reserved = 'is reserved: in the audit trail or in a move it already means something else';
  if (RESERVED_CODES.includes(code)) note('code', `${code} ${reserved}`);
  terms.forEach((version, at) => {
    const path = `terms[${at}]`;
    const before = terms[at - 1];
    if (version.programme !== code) note(`${path}.programme`, `is not ${code}`);
    if (before && version.version <= before.version) note(`${path}.version`, 'is not above the version before');
    if (before && version.inForceFrom <= before.inForceFrom)
      note(`${path}.inForceFrom`, 'is not after the version before');
    for (const problem of checkTerms(version)) note(`${path}.${problem.path}`, problem.message);
  });
  const newest = terms.at(-1);
  if (!newest) return void note('terms', 'needs at least one version');
  const codes = entries.map((entry) => entry.authority.code);
  entries.forEach((entry, at) => {
    const path = `authorities[${at}]`;
    if (codes.indexOf(entry.authority.code) !== at) note(`${path}.code`, `${entry.authority.code} is there twice`);
    if (RESERVED_CODES.includes(entry.authority.code)) note(`${path}.code`, `${entry.authority.code} ${reserved}`);
    if (entry.authority.code === code) note(`${path}.code`, `${code} is the code of the programme`);
    for (const pool of Object.keys(entry.poolDays)) {
      const known = Object.hasOwn(newest.allocations, pool) && newest.allocations[pool]?.kind === 'pool';
      if (!known) note(`${path}.poolDays.${pool}`, 'is not a pool of the terms');
    }
  });
  for (const [pool, item] of Object.entries(newest.allocations)) {
    if (item.kind !== 'pool') continue;
    const shared = entries.reduce((sum, entry) => sum + (entry.poolDays[pool] ?? 0), 0);
    const total = shared + parseDays(item.reserveDays);
    if (total !== parseDays(item.maximumDays)) {
      note(
        `terms[${terms.length - 1}].allocations.${pool}`,
        `${formatDays(total)} days allotted and in reserve, not ${item.maximumDays}`,
      );
    }
  }
}
