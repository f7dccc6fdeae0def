import { describe, expect, it } from '@jest/globals';
import { RetryDelivery, SendDelivery, SweepDeliveries } from '#documents';
import { administrator, DeliveryBench, LAST, NOW } from '../support/delivery-bench.js';
import { MailServer } from '../support/mail-server.js';

const bench = DeliveryBench.inSpec();

/** A point that a test is told of and lets go of. */
class Gate {
  open: () => void;
  private arrive: () => void;
  readonly reached = new Promise<void>((resolve) => (this.arrive = resolve));
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  pass(): Promise<void> {
    this.arrive();
    return this.opened;
  }
}

interface Gates {
  /** The first connection waits here, and is then turned away. */
  connecting?: Gate;
  /** The first message waits here, before its sender is accepted. */
  sending?: Gate;
}

async function serverWith({ connecting, sending }: Gates): Promise<void> {
  await bench.server.close();
  let [connections, messages] = [0, 0];
  bench.server = await MailServer.start({
    onConnect: (_session, done) => {
      if (connections++ > 0 || !connecting) return done();
      void connecting.pass().then(() => done(Object.assign(new Error('too busy'), { responseCode: 421 })));
    },
    onMailFrom: (_address, _session, done) => {
      if (messages++ > 0 || !sending) return done();
      void sending.pass().then(() => done());
    },
  });
}

const tryAgain = (id: string, choice: 'retry' | 'resend') =>
  bench.get(RetryDelivery).run(administrator, id, choice, {});

describe('two runs of one delivery', () => {
  it('one that cannot connect at its last try does not fail what the other is sending', async () => {
    const [connecting, sending] = [new Gate(), new Gate()];
    await serverWith({ connecting, sending });
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    const away = bench.send(payer, LAST);
    await connecting.reached;
    const under = bench.send(payer, LAST);
    await sending.reached;
    connecting.open();
    await expect(away).rejects.toMatchObject({ outcome: 'retry' });
    await bench.get(SendDelivery).gaveUp([payer], 'no tries left');
    expect(await bench.delivery(payer)).toMatchObject({ state: 'sending', attempts: 1 });
    sending.open();
    await under;
    expect(await bench.delivery(payer)).toMatchObject({ state: 'sent', last_error: null });
    expect(await bench.audits(payer)).toEqual(['delivery.sent']);
    await expect(tryAgain(payer, 'retry')).rejects.toMatchObject({ code: 'delivery_not_failed' });
    await bench.send(payer);
    expect(bench.server.received).toHaveLength(1);
  });

  it('a job that is given up fails what is queued', async () => {
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    await bench.get(SendDelivery).gaveUp([payer], 'its worker ended three times');
    expect(await bench.delivery(payer)).toMatchObject({ state: 'failed', attempts: 1 });
  });
});

describe('an answer that comes late', () => {
  it.each([
    ['resent but still waiting', 'queued'],
    ['resent and failed', 'failed'],
  ] as const)('makes an e-mail sent that was %s, and it does not go out again', async (_what, meanwhile) => {
    const sending = new Gate();
    await serverWith({ sending });
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    const slow = bench.send(payer);
    await sending.reached;
    await bench.get(SweepDeliveries).settleInterrupted(NOW);
    await tryAgain(payer, 'resend');
    if (meanwhile === 'failed') await bench.get(SendDelivery).gaveUp([payer], 'no tries left');
    expect((await bench.delivery(payer)).state).toBe(meanwhile);
    sending.open();
    await slow;
    expect((await bench.delivery(payer)).state).toBe('sent');
    await bench.send(payer);
    expect(bench.server.received).toHaveLength(1);
    expect((await bench.audits(payer)).at(-1)).toBe('delivery.sent');
  });

  it('of a refusal changes nothing once another attempt is on record', async () => {
    const sending = new Gate();
    await serverWith({ sending });
    await bench.start('smtp');
    const { payer } = await bench.rendered();
    bench.server.behaviours.push('unknown-recipient');
    const slow = bench.send(payer);
    await sending.reached;
    await bench.get(SweepDeliveries).settleInterrupted(NOW);
    await tryAgain(payer, 'resend');
    await bench.admin.query(
      "UPDATE delivery SET state = 'sending', attempts = attempts + 1, sending_at = touched_at WHERE id = $1",
      [payer],
    );
    sending.open();
    await expect(slow).rejects.toMatchObject({ name: 'PermanentFailure' });
    expect(await bench.delivery(payer)).toMatchObject({ state: 'sending', attempts: 2 });
  });
});
