import { expect } from '@jest/globals';
import type { ClaimBody } from '#claims/domain';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { brokenInvariants } from '../support/invariants.js';
import { random, type Dice } from '../support/random.js';
import { type Reply, type Service } from '../support/service.js';
import { finance, manager, MTM, type Claim } from './claims-support.js';

export interface WalkOptions {
  seed: number;
  /** Rounds of several calls at once; every invariant is asked for after each. */
  rounds: number;
  atOnce: number;
  /** Answers that have to be seen: the walk goes on past its rounds, up to five times as far, until they were. */
  until?: readonly string[];
}

/** How often each call was answered how: `approve 200`. */
export type Tally = Map<string, number>;

const AUTHORITIES = ['BRENT', 'TOWERHAM', 'WOKINGHAM'] as const;
const BOTH = 'walker@mtm.example';
const TRAINERS = [
  { name: 'Walk One Ltd', vatNumber: 'GB999999973' },
  { name: 'WALK ONE, LTD.' },
  { name: 'Walk Two' },
  { name: 'Another name', vatNumber: '999999973' },
];
const STEPS = ['submit', 'withdraw', 'review', 'findings', 'approve', 'return', 'reject', 'hold', 'release'] as const;
type Step = (typeof STEPS)[number];
/** Which steps make sense where: taken more often than the others, which are for refusing. */
const SENSIBLE: Record<string, readonly Step[]> = {
  draft: ['submit', 'submit', 'submit', 'submit', 'submit', 'withdraw'],
  returned: ['submit', 'submit', 'submit', 'withdraw'],
  submitted: ['review', 'review', 'review', 'review', 'findings', 'return', 'hold', 'release', 'withdraw', 'reject'],
  reviewed: ['approve', 'approve', 'approve', 'approve', 'findings', 'findings', 'return', 'reject', 'hold', 'release'],
  approved: ['reject', 'hold', 'release'],
};
/** Whatever happens at once, a call is done, refused by a rule, or not the caller's: never an error of ours. */
const ANSWERS = [200, 201, 400, 403, 404, 409, 412, 422];

/** Several authorities and MTM's people doing whatever comes to mind, sensible or not, several at once. */
export class Walk {
  readonly tally: Tally = new Map();
  private readonly dice: Dice;
  private readonly known = new Map<string, Claim>();
  private day = 0;

  constructor(
    private readonly service: Service,
    private readonly options: WalkOptions,
  ) {
    this.dice = random(options.seed);
  }

  async run(): Promise<void> {
    const roles = ['mtm_finance', 'mtm_approver'];
    await this.service.post(MTM.admin, '/users', { email: BOTH, name: 'Both', organisation: 'MTM', roles });
    for (let round = 0; round < this.options.rounds || this.goesOn(round); round++) {
      if (this.dice.chance(0.1)) this.nextDay();
      const calls = Array.from({ length: this.options.atOnce }, () => this.anything());
      await Promise.all(calls);
      const broken = await brokenInvariants(this.service.admin);
      expect({ seed: this.options.seed, round, broken }).toEqual({ seed: this.options.seed, round, broken: {} });
    }
    const verified = await this.service.get(MTM.auditor, '/audit/verify');
    expect(verified.body).toMatchObject({ ok: true, findings: [] });
  }

  /** Several calls at once end in another order each time: how many rounds it takes to see everything is luck. */
  private goesOn(round: number): boolean {
    const missing = (this.options.until ?? []).some((answer) => !this.tally.has(answer));
    return missing && round < this.options.rounds * 5;
  }

  private nextDay(): void {
    this.day++;
    this.service.clock.set(new Date(Date.UTC(2018, 3, 3 + this.day, 9)).toISOString());
  }

  private anything(): Promise<void> {
    const kind = this.dice.upTo(10);
    const claim = this.someClaim();
    if (kind < 2 || claim === null) return this.draft();
    if (kind === 2) return this.edit(claim);
    if (kind === 3) return this.move();
    return this.step(claim);
  }

  /** Mostly one that can still go somewhere, and mostly one of the latest, so that several meet at one claim. */
  private someClaim(): Claim | null {
    const all = [...this.known.values()];
    const open = all.filter(({ state }) => state in SENSIBLE && state !== 'approved').slice(-8);
    if (open.length > 0 && this.dice.chance(0.85)) return this.dice.pick(open);
    return all.length > 0 ? this.dice.pick(all) : null;
  }

  private async draft(): Promise<void> {
    const authority = this.dice.pick(AUTHORITIES);
    const by = this.dice.chance(0.5) ? finance(authority) : manager(authority);
    this.note('draft', await this.service.post<Claim>(by, '/claims', this.body(authority)));
  }

  private async edit(claim: Claim): Promise<void> {
    const by = this.dice.chance(0.9) ? finance(claim.authority) : this.dice.pick(Object.values(MTM));
    const body = this.body(this.dice.chance(0.95) ? (claim.authority as never) : this.dice.pick(AUTHORITIES));
    const headers = { 'if-match': `"v${claim.version}"` };
    this.note('edit', await this.service.call<Claim>(by, 'PUT', `/claims/${claim.id}`, { body, headers }));
  }

  private async move(): Promise<void> {
    const [to, from] = [this.dice.pick(AUTHORITIES), this.dice.pick([null, ...AUTHORITIES])];
    const category = this.dice.pick(['targeted', 'coaching_qa', 'practice_leader']);
    const move = { programme: 'EIP2', category, days: this.dice.pick(['0.5', '1', '2.5']), reason: 'Agreed' };
    const ends = this.dice.chance(0.3) ? { to: 'RESERVE' } : { from };
    const path = `/authorities/${to}/allocations/moves`;
    this.note('move', await this.service.post<Claim>(MTM.coordinator, path, { ...move, ...ends }));
  }

  private async step(claim: Claim): Promise<void> {
    const sensible = SENSIBLE[claim.state];
    const step = sensible && this.dice.chance(0.85) ? this.dice.pick(sensible) : this.dice.pick(STEPS);
    const by = this.dice.chance(0.9) ? this.whoMay(step, claim) : this.anybody();
    const headers: Record<string, string> = this.dice.chance(0.2) ? { 'if-match': `"v${claim.version}"` } : {};
    const path = `/claims/${claim.id}/${step}`;
    this.note(step, await this.service.post<Claim>(by, path, this.details(step, claim), headers));
  }

  private whoMay(step: Step, claim: Claim): string {
    if (step === 'submit' || step === 'withdraw') return finance(claim.authority);
    if (step === 'approve' || step === 'reject') return this.dice.pick([MTM.approver, MTM.approver2, BOTH]);
    return this.dice.pick([MTM.finance, MTM.finance2, BOTH]);
  }

  private anybody(): string {
    const authority = this.dice.pick(AUTHORITIES);
    return this.dice.pick([finance(authority), manager(authority), BOTH, ...Object.values(MTM)]);
  }

  private details(step: Step, claim: Claim): object {
    if (step === 'return' || step === 'reject' || step === 'hold') return { reason: 'For a reason' };
    if (step === 'findings') return this.findings(claim);
    if (step !== 'review') return {};
    const lines = claim.trainerInvoices
      .flatMap((invoice) => invoice.lines)
      .filter(() => this.dice.chance(0.25))
      .map(({ id }) => ({ lineId: id, decision: 'disallow', reason: 'No receipt' }));
    return { lines, ...this.findings(claim) };
  }

  private findings(claim: Claim): object {
    const invoices = claim.trainerInvoices.map(({ id }) => id);
    return {
      paymentProof: invoices
        .filter(() => this.dice.chance(0.7))
        .map((trainerInvoiceId) => ({ trainerInvoiceId, paidOn: '2018-03-29' })),
      distinct: invoices
        .filter(() => this.dice.chance(0.7))
        .map((trainerInvoiceId) => ({ trainerInvoiceId, note: 'Distinct' })),
    };
  }

  /** Numbers, trainers and days from small pools, so that claims collide. */
  private body(authority: (typeof AUTHORITIES)[number]): ClaimBody {
    const invoices = Array.from({ length: 1 + this.dice.upTo(2) }, () => this.invoice());
    return claimBody(invoices, { authority });
  }

  private invoice(): ClaimBody['trainerInvoices'][number] {
    const trainer = this.dice.pick(TRAINERS);
    const vat = trainer.vatNumber === undefined ? { vatRate: '0', vatPence: 0 } : {};
    const lines = Array.from({ length: 1 + this.dice.upTo(2) }, () => {
      const category = this.dice.pick(['targeted', 'targeted', 'coaching_qa', 'practice_leader']);
      return training({
        category,
        rate: category === 'targeted' ? this.dice.pick(['standard', 'advanced']) : 'standard',
        trainerDays: this.dice.pick(['0.25', '0.333', '0.5', '0.001', '1']),
        netPence: 1 + this.dice.upTo(120_000),
        ...vat,
      });
    });
    const trips = this.dice.chance(0.5) ? [travel(1 + this.dice.upTo(9999)), travel(1 + this.dice.upTo(9999))] : [];
    return trainerInvoice([...lines, ...trips], {
      trainer,
      number: `W-${this.dice.upTo(40)}`,
      paidOn: this.dice.pick(['2018-03-28', '2018-03-28', null, '2018-04-20']),
    });
  }

  private note(name: string, answer: Reply<Claim>): void {
    const key = `${name} ${answer.status}`;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
    if (!ANSWERS.includes(answer.status)) {
      throw new Error(`seed ${this.options.seed}: ${name} was answered ${answer.status}: ${answer.text}`);
    }
    if (answer.status < 300 && answer.body.trainerInvoices !== undefined) this.known.set(answer.body.id, answer.body);
  }
}
