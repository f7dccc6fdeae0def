import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** From a cached read to a slow import, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The measures of one process, in Prometheus' format. Made once at start; `destroy` for tests is not needed. */
export class Metrics {
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: BUCKETS,
    registers: [this.registry],
  });

  constructor(options: { process: string; defaults?: boolean }) {
    this.registry.setDefaultLabels({ process: options.process });
    if (options.defaults !== false) collectDefaultMetrics({ register: this.registry });
  }

  /** One answered request; `route` is the pattern, never the address. Unit: seconds. */
  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
  }

  /**
   * A figure read when the metrics are: queue depth, age of the oldest outbox row. When it cannot be read it is left
   * out, so that one broken source does not hide the others.
   */
  registerGauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        try {
          this.set(await read());
        } catch {
          this.reset();
          this.remove();
        }
      },
    });
  }

  /** Something that only grows: jobs failed, replays answered. */
  counter(name: string, help: string): { increment(by?: number): void } {
    const counter = new Counter({ name, help, registers: [this.registry] });
    return { increment: (by = 1) => counter.inc(by) };
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
