import { Inject, Injectable } from '@nestjs/common';
import { addDays, londonDate, sumPence } from '#kernel';
import { requireMay } from '#identity';
import { AuthorityField, TermsStore, WhichProgramme, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor } from '#platform/database';
import { CodeField, DateField, validateQuery } from '#platform/validation';
import { type AccrualLine } from '../accruals/accruals.view.js';
import { Accruals } from '../accruals/accruals.js';
import { type AgeingItem } from '../clock/ageing-report.js';
import { type PaymentTimesItem } from '../clock/payment-times.js';
import { ageBands, OVERDUE, type AgeBand } from '../domain/index.js';
import { programmeMeant, termsToday } from '../programme-funding.js';
import { type ForecastRow } from './cash-forecast.js';
import { DailySummaries, type Summarised } from './daily-summaries.js';
import { readFundersMoney, type FundersMoney, type StageRow } from './funding-stages.js';

/** What a report is asked for. */
export class ReportInput {
  @WhichProgramme()
  programme?: string;

  @AuthorityField({ optional: true })
  authority?: string;
}

const MonthField = () =>
  CodeField(/^(19|2\d)\d{2}-(0[1-9]|1[0-2])$/, {
    example: '2018-05',
    message: 'Enter a year and a month, like 2018-05.',
    optional: true,
  });

export class MonthsInput extends ReportInput {
  @MonthField()
  from?: string;

  @MonthField()
  to?: string;
}

export class AccrualsOnInput extends ReportInput {
  @DateField({ optional: true })
  day?: string;
}

/** Of one programme, as the programme names those in it. */
export interface Named {
  programme: string;
  payer: string;
  funder: string;
  withinDays: number;
}

export interface AgeingSummary extends Named, Summarised<AgeingItem> {
  bands: readonly AgeBand[];
  overdue: { claimCount: number; amountPence: number };
  total: { claimCount: number; amountPence: number };
}

export interface TimesSummary extends Named, Summarised<PaymentTimesItem> {
  /** The first and the last month shown. */
  from: string;
  to: string;
}

export interface AccrualsSummary extends Named {
  /** The end of this London day; null for as of `asOf`, just now. */
  day: string | null;
  asOf: string;
  lines: AccrualLine[];
}

/** Reports for people to read, from summaries where adding up anew would cost too much. */
@Injectable()
export class SummaryReports {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(DailySummaries) private readonly summaries: DailySummaries,
    @Inject(Accruals) private readonly accrued: Accruals,
  ) {}

  /** How the programme names those in it. Throws malformed, not_found, forbidden. */
  async names(actor: Actor, programme: string | undefined): Promise<Named> {
    return (await this.asked(actor, 'programme.read', programme === undefined ? {} : { programme })).named;
  }

  /** What is submitted and not paid, by authority and age. Allowed: `claim.read`. Throws malformed, not_found, forbidden. */
  async ageing(actor: Actor, query: unknown): Promise<AgeingSummary> {
    const { named, terms, authority } = await this.asked(actor, 'claim.read', validateQuery(ReportInput, query));
    const found = await this.summaries.rows<AgeingItem>(actor, 'ageing', { programme: named.programme, authority });
    const overdue = found.rows.filter(({ band }) => band === OVERDUE);
    return { ...named, ...found, bands: ageBands(terms), overdue: totals(overdue), total: totals(found.rows) };
  }

  /** How long payments took, by month and authority; a year of months, when none are named. Allowed: `claim.read`. */
  async paymentTimes(actor: Actor, query: unknown): Promise<TimesSummary> {
    const input = validateQuery(MonthsInput, query);
    const { named, authority, today } = await this.asked(actor, 'claim.read', input);
    const { programme } = named;
    const to = input.to ?? today.slice(0, 7);
    const from = input.from ?? `${Number(to.slice(0, 4)) - 1}${to.slice(4)}`;
    const found = await this.summaries.rows<PaymentTimesItem>(actor, 'payment_times', { programme, authority });
    const rows = found.rows.filter(({ month }) => month >= from && month <= to);
    rows.sort((a, b) => compare(a.month, b.month) || compare(a.authority ?? '', b.authority ?? ''));
    return { ...named, ...found, from, to, rows };
  }

  /** What should be paid, by month. Allowed: `claim.read`; an authority sees what is coming to it. */
  async cashForecast(actor: Actor, query: unknown): Promise<Named & Summarised<ForecastRow>> {
    const { named, authority } = await this.asked(actor, 'claim.read', validateQuery(ReportInput, query));
    const { programme } = named;
    const found = await this.summaries.rows<ForecastRow>(actor, 'cash_forecast', { programme, authority });
    found.rows.sort((a, b) => compare(a.month, b.month) || compare(a.authority, b.authority));
    return { ...named, ...found };
  }

  /** How far the approved claims have come, and what the funder was asked for and paid. Allowed: `funding.read`. */
  async funding(actor: Actor, query: unknown): Promise<Named & Summarised<StageRow> & { money: FundersMoney }> {
    const { named } = await this.asked(actor, 'funding.read', validateQuery(ReportInput, query));
    const { programme } = named;
    const money = await this.uow.read(actor, (tx) => readFundersMoney(tx, programme));
    const found = await this.summaries.rows<StageRow>(actor, 'funding', { programme, authority: null });
    return { ...named, ...found, money };
  }

  /**
   * Accruals at the end of a London day. Without one as of now, or, where that would cost too much, at the end of yesterday.
   * Allowed: `ledger.read`. Throws malformed, not_found, forbidden.
   */
  async accruals(actor: Actor, query: unknown): Promise<AccrualsSummary> {
    const input = validateQuery(AccrualsOnInput, query);
    const { named, authority, today } = await this.asked(actor, 'ledger.read', input);
    const { programme } = named;
    const lacksDay = input.day === undefined || input.day >= today;
    const day = !lacksDay ? input.day! : (await this.summaries.openIsFew(actor, programme)) ? null : addDays(today, -1);
    const run = (asOf: string | undefined) =>
      this.accrued.run(actor, { programme, ...(asOf === undefined ? {} : { asOf }) });
    const now = day === null ? await run(undefined) : null;
    const lines =
      now?.lines ??
      (await this.summaries.accrualsOn(actor, programme, day!, async () => {
        const view = await run(day!);
        return view.lines;
      }));
    return {
      ...named,
      day,
      asOf: now?.asOf ?? day!,
      lines: authority === null ? lines : lines.filter((line) => line.authority === authority),
    };
  }

  private asked(actor: Actor, action: Parameters<typeof requireMay>[1], input: ReportInput) {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, action);
      const programme = await programmeMeant(tx, input.programme);
      const terms = await termsToday(tx, this.terms, programme);
      return { named: namedBy(programme, terms), terms, authority: input.authority ?? null, today: londonDate(tx.now) };
    });
  }
}

const namedBy = (programme: string, { payer, funder, payment }: ProgrammeTerms): Named => ({
  programme,
  payer: payer.shortName,
  funder: funder.shortName,
  withinDays: payment.withinDays,
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const totals = (rows: readonly { claimCount: number; amountPence: number }[]) => ({
  claimCount: rows.reduce((sum, { claimCount }) => sum + claimCount, 0),
  amountPence: sumPence(rows.map(({ amountPence }) => amountPence)),
});
