import { expect } from '@jest/globals';
import { type Service } from '../support/service.js';
import { finance, MTM, type Items } from './claims-support.js';

export interface Grant {
  amountPence: number;
  workedOutPence: number;
  receivedOn: string | null;
  receipt: { amountPence: number; differencePence: number; reason: string | null } | null;
  post: string | null;
  holders: { startsOn: string; endsOn: string | null }[];
  underspend: string;
  underspendChosen: string | null;
  quarters: {
    quarter: string;
    state: string;
    spentPence: number;
    forecastPence: number;
    enteredForecastPence: number | null;
    variancePence: number | null;
    varianceReason: string | null;
  }[];
  years: { year: number; returnedPence: number }[];
  spentPence: number;
  leftPence: number;
  forecastUnderspendPence: number;
  returnedPence: number;
  flags: { code: string; entryId: string; claimId: string }[];
  working: { for: string; text: string; resultPence: number }[];
  version: number;
}

export interface Entry {
  id: string;
  quarter: string;
  amountPence: number;
  replaces: string | null;
  replacedBy: string | null;
  reason: string | null;
  flags: { code: string; claimId: string }[];
}

export interface GrantStep {
  action: string;
  before: unknown;
  after: unknown;
}

export const AT = (authority: string): string => `/authorities/${authority}/grant`;

/** The calls of a grant. */
export class Grants {
  constructor(private readonly service: Service) {}

  async read(authority: string, by = finance(authority)): Promise<Grant> {
    const answer = await this.service.get<Grant>(by, AT(authority));
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  tryPut(authority: string, body: object, version: number | null, by = finance(authority), path = '') {
    const headers: Record<string, string> = version === null ? {} : { 'if-match': `"g${version}"` };
    return this.service.call<Grant>(by, 'PUT', `${AT(authority)}${path}`, { body, headers });
  }

  async put(authority: string, body: object, path = ''): Promise<Grant> {
    const { version } = await this.read(authority);
    const answer = await this.tryPut(authority, body, version, finance(authority), path);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  tryEntry(authority: string, body: object, by = finance(authority), headers: Record<string, string> = {}) {
    return this.service.post<Entry>(by, `${AT(authority)}/entries`, body, headers);
  }

  async entry(authority: string, over: object = {}): Promise<Entry> {
    const answer = await this.tryEntry(authority, spending(over));
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return answer.body;
  }

  /** What was done with a grant, as the audit trail of its authority tells it. */
  async trail(authority: string): Promise<GrantStep[]> {
    const path = `/audit?chain=${authority}&limit=200`;
    const { body } = await this.service.get<Items<GrantStep>>(MTM.auditor, path);
    return body.items.filter(({ action }) => action.startsWith('grant.'));
  }
}

export const spending = (over: object = {}): object => ({
  quarter: '2018-Q1',
  amountPence: 1_000_000,
  description: 'Salary and on-costs of the post',
  ...over,
});

/** Nothing told yet; a test gives what it is about. */
export const details = (over: object = {}): object => ({ post: null, receipt: null, holders: [], ...over });
