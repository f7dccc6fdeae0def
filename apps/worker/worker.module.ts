import {
  Inject,
  Logger,
  Module,
  Optional,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { AuditModule, SealCheckpoint } from '#audit';
import { DeliveryQueries, DocumentsWorkModule, RenderDocument, SendDelivery, SweepDeliveries } from '#documents';
import { ClockModule, DailySummaries, SendDigests, SummariesModule, WarnOfClaims } from '#funding';
import { IdentityWorkModule, SendLink, SweepSessions } from '#identity';
import { LedgerModule, TakeSnapshot } from '#ledger';
import { AppConfig } from '#platform/config';
import { UnitOfWork } from '#platform/database';
import { MailModule } from '#platform/mail';
import { Metrics } from '#platform/telemetry';
import { documentKinds, RENDER_THREAD } from './document-kinds.js';
import { jobHandlers } from './handlers.js';
import { WorkerRuntime } from './runtime.js';
import { DEFAULT_TUNING, WorkerTuning } from './tuning.js';

/**
 * Takes jobs, relays the outbox and sweeps. The process that mounts it brings what is one a process: ConfigModule,
 * DatabaseModule, StorageModule. Work begins once the application has started.
 */
@Module({
  imports: [
    AuditModule,
    ClockModule,
    IdentityWorkModule,
    LedgerModule,
    SummariesModule,
    DocumentsWorkModule.forKinds(documentKinds, RENDER_THREAD),
    MailModule,
  ],
})
export class WorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runtime: WorkerRuntime;

  constructor(
    @Inject(AppConfig) config: AppConfig,
    @Inject(UnitOfWork) uow: UnitOfWork,
    @Inject(RenderDocument) render: RenderDocument,
    @Inject(SendDelivery) send: SendDelivery,
    @Inject(SweepDeliveries) sweep: SweepDeliveries,
    @Inject(SealCheckpoint) seal: SealCheckpoint,
    @Inject(TakeSnapshot) snapshot: TakeSnapshot,
    @Inject(WarnOfClaims) warn: WarnOfClaims,
    @Inject(SendDigests) digests: SendDigests,
    @Inject(DailySummaries) summaries: DailySummaries,
    @Inject(SendLink) links: SendLink,
    @Inject(SweepSessions) sessions: SweepSessions,
    @Inject(DeliveryQueries) deliveries: DeliveryQueries,
    @Optional() @Inject(Metrics) metrics?: Metrics,
    @Optional() @Inject(WorkerTuning) tuning?: WorkerTuning,
  ) {
    const handlers = jobHandlers(render, send, links);
    const logger = new Logger('worker');
    this.runtime = new WorkerRuntime({
      config,
      uow,
      handlers,
      sweep,
      seal,
      snapshot,
      warn,
      digests,
      summaries,
      sessions,
      logger,
      tuning: tuning ?? DEFAULT_TUNING,
    });
    if (metrics) this.runtime.registerMetrics(metrics, deliveries);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.runtime.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runtime.stop();
  }
}
