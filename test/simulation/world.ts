import { type Dice } from '../support/random.js';
import { type Bank } from './bank.js';
import { finance, manager, MTM } from '../support/people.js';
import { type Service } from '../support/service.js';

export const AUTHORITIES = ['BRENT', 'BRISTOL', 'LINCS', 'SUFFOLK'] as const;
export type Authority = (typeof AUTHORITIES)[number];

/** Beyond the demonstration's: one who may review and approve, but never both, and a third approver. */
export const BOTH = 'both@mtm.example';
export const APPROVER3 = 'approver3@mtm.example';
export const REVIEWERS = [MTM.finance, MTM.finance2, BOTH] as const;
export const APPROVERS = [MTM.approver, MTM.approver2, APPROVER3, BOTH] as const;

export interface ClaimRow {
  id: string;
  authority: Authority;
  state: string;
  version: number;
  held: boolean;
}

/** What there is to choose from, and the dice to choose by: those of one step. */
export class World {
  constructor(
    readonly service: Service,
    readonly dice: Dice,
    readonly bank: Bank,
  ) {}

  async rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.service.admin.query(sql, values)).rows as T[];
  }

  /** One of the latest rows that a statement finds; it orders them. */
  async one<T>(sql: string, values: unknown[] = []): Promise<T | null> {
    const found = await this.rows<T>(sql, values);
    return found.length > 0 ? this.dice.pick(found) : null;
  }

  /** One of the latest claims in a state; now and then any claim, to be refused. */
  claim(states: readonly string[]): Promise<ClaimRow | null> {
    const any = this.dice.chance(0.06);
    return this.one<ClaimRow>(
      `SELECT id, authority_code AS authority, state, version, held_at IS NOT NULL AS held FROM claim
        WHERE $1 OR state = ANY ($2) ORDER BY id DESC LIMIT 10`,
      [any, states],
    );
  }

  /** One of the latest rows of a table in a state; now and then any. */
  some(
    table: 'funding_receipt' | 'funding_request' | 'payment_run' | 'adjustment',
    states: readonly string[],
  ): Promise<{ id: string } | null> {
    const any = this.dice.chance(0.06);
    return this.one(`SELECT id FROM ${table} WHERE $1 OR state = ANY ($2) ORDER BY id DESC LIMIT 6`, [any, states]);
  }

  /** Mostly one of those who may; now and then anybody. */
  who(may: readonly string[]): string {
    return this.dice.chance(0.96) ? this.dice.pick(may) : this.anybody();
  }

  anybody(): string {
    const authority = this.dice.pick(AUTHORITIES);
    return this.dice.pick([finance(authority), manager(authority), ...Object.values(MTM), BOTH, APPROVER3]);
  }

  async emailOf(userId: string): Promise<string> {
    const [user] = await this.rows<{ email: string }>('SELECT email FROM user_account WHERE id = $1', [userId]);
    return user!.email;
  }

  /** Nobody does anything for so many days; then it is morning. */
  letDaysPass(days: number): void {
    const { clock } = this.service;
    const now = clock.now();
    clock.set(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days, 9)).toISOString());
  }

  /** Today in London, as the service has it. */
  get today(): string {
    return this.service.clock.now().toISOString().slice(0, 10);
  }
}
