import { Inject, Injectable } from '@nestjs/common';
import { addDays, londonDate } from '#kernel';
import { UNPAID_STATES } from '#claims/domain';
import { TermsStore } from '#programme';
import { systemActor, UnitOfWork, type Actor, type Tx } from '#platform/database';
import { Accruals } from '../accruals/accruals.js';
import { readOpenBands } from '../clock/open-claims.js';
import { readTimes } from '../clock/payment-times.js';
import { isToDo, takeSweep } from '../clock/sweeps.js';
import { termsToday } from '../programme-funding.js';
import { readForecastRows } from './cash-forecast.js';
import { readStages } from './funding-stages.js';
import { findSummary, keepSummary, readSummary, type OfAuthority, type SummaryName } from './summary-store.js';

/** Tests bring other numbers; there is no setting for it. */
export class SummaryTuning {
  /** So many claims are added up each time somebody looks, which costs little: the figures are of now then. */
  liveUpTo = 10_000;
}

/** Rows of a report, with the instant they are as of. */
export interface Summarised<Row> {
  rows: Row[];
  asOf: string;
  /** Read from the summary of a day, not added up just now. */
  daily: boolean;
}

/** A report that is added up anew every day. */
type Daily = Exclude<SummaryName, 'accruals'>;
const DAILY: readonly Daily[] = ['funding', 'ageing', 'payment_times', 'cash_forecast'];

/** Before the programme and after anything paid: every month there is. */
const FIRST_DAY = '1900-01-01';
/** A transaction that began before a day's end can enter no more in the trail: longer than any takes. */
const BEHIND_MS = 10 * 60_000;

interface Asked {
  programme: string;
  authority: string | null;
}

/**
 * The rows that reports are made of: added up when asked while there are few claims, and once a day when there are many, so
 * that a page costs as little at a million claims as at a thousand. What they are as of is always said.
 */
@Injectable()
export class DailySummaries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(Accruals) private readonly accruals: Accruals,
    @Inject(SummaryTuning) private readonly tuning: SummaryTuning,
  ) {}

  /** A report's rows as far as the reader may see them; the caller has asked whether they may. */
  async rows<Row extends OfAuthority>(actor: Actor, name: Daily, asked: Asked): Promise<Summarised<Row>> {
    const live = await this.uow.read(actor, async (tx) => {
      const own = { ...asked, authority: actor.scope === '*' ? asked.authority : actor.scope };
      if (!(await this.isFew(tx, name, own))) return null;
      return { rows: await this.addUp<Row>(tx, name, own), asOf: tx.now.toISOString(), daily: false };
    });
    const wanted = ({ authority }: OfAuthority) => asked.authority === null || authority === asked.authority;
    if (live !== null) return { ...live, rows: live.rows.filter(wanted) };
    const kept = (await this.kept(asked.programme, name)) ?? (await this.make(asked.programme, name));
    const rows = await this.uow.read(actor, (tx) => readSummary<Row>(tx, asked.programme, name, kept.day));
    return {
      rows: rows.filter(wanted),
      asOf: kept.madeAt.toISOString(),
      daily: true,
    };
  }

  /**
   * Accruals at the end of a day that is over: what was known by then never changes, so they are kept, by whoever asks first.
   * `lines` adds them up. The caller has asked whether the actor may.
   */
  async accrualsOn<Row extends OfAuthority>(
    actor: Actor,
    programme: string,
    day: string,
    lines: () => Promise<Row[]>,
  ): Promise<Row[]> {
    const kept = await this.kept(programme, 'accruals', day);
    if (kept) return this.uow.read(actor, (tx) => readSummary<Row>(tx, programme, 'accruals', day));
    const found = await lines();
    await this.uow.run(systemActor, async (tx) => {
      if (!isClosed(tx, day)) return;
      await keepSummary(tx, { programme, name: 'accruals', day, older: 'keep' }, found);
    });
    return found;
  }

  /** Whether what is open is little enough to be added up on the spot. */
  openIsFew(actor: Actor, programme: string): Promise<boolean> {
    return this.uow.read(actor, (tx) => this.isFew(tx, 'ageing', { programme, authority: null }));
  }

  /** The sweep: once a day, all programmes; false when there was nothing to do. */
  async runIfDue(): Promise<boolean> {
    const due = await this.uow.read(systemActor, async (tx) => {
      const today = londonDate(tx.now);
      return isClosed(tx, addDays(today, -1)) && (await isToDo(tx, 'daily summaries', today));
    });
    if (!due) return false;
    const programmes = await this.uow.run(systemActor, async (tx) => {
      const today = londonDate(tx.now);
      if (!(await takeSweep(tx, 'daily summaries', today))) return [];
      const begun = await programmesBegun(tx, today);
      for (const programme of begun) for (const name of DAILY) await this.keep(tx, programme, name);
      return begun;
    });
    for (const programme of programmes) await this.keepAccruals(programme);
    return programmes.length > 0;
  }

  /** Of the day before, while nobody waits for them. */
  private async keepAccruals(programme: string): Promise<void> {
    const day = await this.uow.read(systemActor, (tx) => Promise.resolve(addDays(londonDate(tx.now), -1)));
    await this.accrualsOn(systemActor, programme, day, async () => {
      const { lines } = await this.accruals.run(systemActor, { asOf: day, programme });
      return lines;
    });
  }

  private kept(programme: string, name: SummaryName, day: string | null = null) {
    return this.uow.read(systemActor, (tx) => findSummary(tx, programme, name, day));
  }

  /** None has ever been made: the first reader waits for it, and of two at once the second finds it. */
  private make(programme: string, name: Daily) {
    return this.uow.run(systemActor, async (tx) => {
      await tx.query(`SELECT 1 FROM sweep WHERE name = 'daily summaries' FOR UPDATE`);
      const found = await findSummary(tx, programme, name);
      if (found) return found;
      await this.keep(tx, programme, name);
      return { day: londonDate(tx.now), madeAt: tx.now };
    });
  }

  private async keep(tx: Tx, programme: string, name: Daily): Promise<void> {
    const rows = await this.addUp(tx, name, { programme, authority: null });
    await keepSummary(tx, { programme, name, day: londonDate(tx.now), older: 'drop' }, rows);
  }

  private async addUp<Row extends OfAuthority>(tx: Tx, name: Daily, asked: Asked): Promise<Row[]> {
    return (await this.rowsOf(tx, name, asked)) as OfAuthority[] as Row[];
  }

  private async rowsOf(tx: Tx, name: Daily, asked: Asked): Promise<OfAuthority[]> {
    switch (name) {
      case 'funding':
        return readStages(tx, asked.programme);
      case 'ageing':
        return readOpenBands(tx, await termsToday(tx, this.terms, asked.programme), asked);
      case 'payment_times':
        return readTimes(tx, { ...asked, from: FIRST_DAY, to: londonDate(tx.now) });
      case 'cash_forecast':
        return readForecastRows(tx, asked);
    }
  }

  /** Counted no further than it matters. */
  private async isFew(tx: Tx, name: Daily, { programme, authority }: Asked): Promise<boolean> {
    const which = name === 'payment_times' ? 'paid_at IS NOT NULL' : `state IN (${OPEN})`;
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (SELECT 1 FROM claim WHERE programme_code = $1 AND ${which}
         ${authority === null ? '' : 'AND authority_code = $3'} LIMIT $2) AS counted`,
      [programme, this.tuning.liveUpTo + 1, ...(authority === null ? [] : [authority])],
    );
    return row!.count <= this.tuning.liveUpTo;
  }
}

const OPEN = UNPAID_STATES.map((state) => `'${state}'`).join(', ');

/** Whether nothing can be entered any more as of this London day. */
const isClosed = (tx: Tx, day: string): boolean => londonDate(new Date(tx.now.getTime() - BEHIND_MS)) > day;

async function programmesBegun(tx: Tx, today: string): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    `SELECT p.code FROM programme p WHERE EXISTS
       (SELECT FROM programme_terms t WHERE t.programme_code = p.code AND t.in_force_from <= $1) ORDER BY 1`,
    [today],
  );
  return rows.map(({ code }) => code);
}
