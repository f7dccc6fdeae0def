import { setTimeout as sleep } from 'node:timers/promises';
import { type DocumentModel } from '#claims/documents';
import { RenderPool } from '#documents';
import { documentKinds, RENDER_THREAD } from '../../apps/worker/document-kinds.js';
import { type Amount, type BenchContext, type Figure, type Ratio } from '../figure.js';
import { startMailSink, type MailSink } from '../delivery/mail-sink.js';
import { draftClaims, financeTokens, raiseAllotments, submitClaims, type Drafted } from '../support/claims.js';
import { type Api, type Database, type Services } from '../support/services.js';
import { atOnce, median, timed } from '../support/stats.js';

/** An authority's copy goes with each e-mail to the payer. */
const MAILS_A_CLAIM = 2;
const GIVE_UP_MS = 15 * 60_000;

interface Run {
  backend: string;
  /** From the first submission to the last e-mail, in milliseconds. */
  whole: number;
  /** From the first submission to the last. */
  submitting: number;
  /** From the worker's return to the last e-mail of as many claims, all submitted while it was held. */
  backlog: number;
  /** The same documents rendered and nothing else. */
  rendering: number;
}

/**
 * apps/api, apps/worker and a mail server as processes of their own. Two things are measured of each backend: claims
 * that are submitted and e-mailed meanwhile, and a backlog of submitted claims. The documents are then rendered alone by
 * the same pool of threads as the worker's, out of what was stored with them.
 */
export const delivery: Figure = {
  name: 'delivery',
  title: 'Submitted to e-mailed ÷ rendering the same PDFs alone',
  run: async (context) => {
    const count = context.full ? 2_000 : 300;
    const redis = await context.services.redis();
    const runs: Run[] = [];
    if (redis !== null) runs.push(await measure(context, count, 'Redis', { REDIS_URL: redis.url }));
    await redis?.stop();
    runs.push(await measure(context, count, 'PostgreSQL', {}));
    const rate = (ms: number) => (count / ms) * 1000;
    return {
      ratios: runs.flatMap((run): Ratio[] => [
        {
          name: `${run.backend}: claims a second, all submitted before ÷ rendering`,
          value: run.rendering / run.backlog,
          ...(run.backend === 'Redis' ? { target: { atLeast: 0.5 } } : {}),
        },
        { name: `${run.backend}: claims a second, submitted meanwhile ÷ rendering`, value: run.rendering / run.whole },
      ]),
      amounts: runs.flatMap((run): Amount[] => [
        { name: `${run.backend}: rendered alone`, value: rate(run.rendering), unit: '/s' },
        {
          name: `${run.backend}: rendered, stored and e-mailed twice, from a backlog`,
          value: rate(run.backlog),
          unit: '/s',
        },
        { name: `${run.backend}: submitted, rendered, stored and e-mailed twice`, value: rate(run.whole), unit: '/s' },
        { name: `${run.backend}: submitted meanwhile`, value: rate(run.submitting), unit: '/s' },
      ]),
      notes: [
        `${count} claims, one PDF and ${MAILS_A_CLAIM} e-mails each; one api, one worker, one mail server on one machine`,
        ...(redis === null ? ['redis-server is not installed: not measured on Redis'] : []),
      ],
    };
  },
};

async function measure(
  { services, say }: BenchContext,
  count: number,
  backend: string,
  env: Record<string, string>,
): Promise<Run> {
  say(`Delivering ${count} claims on ${backend} …`);
  const warmUp = 100;
  const database = await services.fresh('bench_delivery');
  await raiseAllotments(database, 900_000);
  const tokens = await financeTokens(services, database);
  const sink = await startMailSink(services);
  const processes = { ...env, SMTP_URL: sink.url };
  const api = await services.api(database, processes);
  const drafted = await draftClaims(api.client, tokens, { from: 1, count: warmUp + 2 * count });
  const worker = await services.worker(database, processes);
  await deliver(api, sink, drafted.slice(0, warmUp), warmUp);
  let submitting = 0;
  const whole = await timed(async () => {
    const claims = drafted.slice(warmUp, warmUp + count);
    submitting = await deliver(api, sink, claims, warmUp + count);
  });
  // Held while it has nothing in hand: a transaction of its own would hold up the submissions.
  await allRecorded(services, database, warmUp + count);
  worker.child.kill('SIGSTOP');
  await submitClaims(api.client, drafted.slice(warmUp + count));
  const backlog = await timed(async () => {
    worker.child.kill('SIGCONT');
    await allArrived(sink, warmUp + 2 * count);
  });
  await allRecorded(services, database, warmUp + 2 * count);
  await Promise.all([worker.stop(), api.stop(), sink.stop()]);
  const rendering = await renderAlone(await issuedModels(services, database, count));
  return { backend, whole, submitting, backlog, rendering };
}

/** Submits and waits for the last e-mail. Returns how long the submissions took. */
async function deliver(api: Api, sink: MailSink, claims: readonly Drafted[], upTo: number): Promise<number> {
  const submitting = await timed(() => submitClaims(api.client, claims));
  await allArrived(sink, upTo);
  return submitting;
}

async function allArrived(sink: MailSink, claims: number): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const received = await sink.received();
    if (received >= claims * MAILS_A_CLAIM) return;
    if (performance.now() > deadline) throw new Error(`${received} of ${claims * MAILS_A_CLAIM} e-mails arrived`);
    await sleep(20);
  }
}

/** Waits until every e-mail that has arrived is also on record, and nothing else is. */
async function allRecorded(services: Services, database: Database, claims: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { rows } = await services.asOwner(database.name, (client) =>
      client.query<{ documents: number; mails: number }>(
        `SELECT (SELECT count(*)::int FROM document WHERE state = 'stored') AS documents,
                (SELECT count(*)::int FROM delivery WHERE state = 'sent') AS mails`,
      ),
    );
    const { documents, mails } = rows[0]!;
    if (documents === claims && mails === claims * MAILS_A_CLAIM) return;
    if (performance.now() > deadline) {
      throw new Error(`${documents} documents stored and ${mails} e-mails sent for ${claims} claims`);
    }
    await sleep(50);
  }
}

async function issuedModels(services: Services, { name }: Database, count: number): Promise<DocumentModel[]> {
  const { rows } = await services.asOwner(name, (client) =>
    client.query<{ model: DocumentModel }>('SELECT model FROM document ORDER BY number DESC LIMIT $1', [count]),
  );
  return rows.map(({ model }) => model);
}

/** With the pool that the worker uses, kept as busy as the worker keeps it. */
async function renderAlone(models: readonly DocumentModel[]): Promise<number> {
  const pool = new RenderPool(documentKinds, { entry: RENDER_THREAD });
  const all = () => atOnce(10, models, async (model) => void (await pool.render({ kind: model.kind, model })));
  await all();
  const rounds = [await timed(all), await timed(all), await timed(all)];
  await pool.close();
  return median(rounds);
}
