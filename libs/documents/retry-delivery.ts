import { Inject, Injectable } from '@nestjs/common';
import { conflict, notFound } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor } from '#platform/database';
import { enqueue } from '#platform/outbox';
import { validateInput } from '#platform/validation';
import { deliveryView } from './delivery.queries.js';
import { type DeliveryView, RetryInput } from './delivery.views.js';
import { loadDelivery, moveDelivery } from './delivery-store.js';
import { sendDeliveryJob } from './jobs.js';

const CHOICES = {
  retry: {
    code: 'delivery_not_failed',
    message: 'Only an e-mail that failed is tried again. One that is unconfirmed may have arrived: resend it instead.',
  },
  resend: {
    code: 'delivery_not_unconfirmed',
    message: 'Only an e-mail that is unconfirmed is sent again. One that failed was not sent: retry it instead.',
  },
} as const;

/**
 * An administrator's two ways on: `retry` what failed, and so was not sent; `resend`, under the same Message-ID, what is
 * unconfirmed, and so may arrive twice. Allowed: `job.manage`.
 */
@Injectable()
export class RetryDelivery {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden, conflict `delivery_not_failed` or `delivery_not_unconfirmed`. */
  run(actor: Actor, id: string, choice: keyof typeof CHOICES, body: unknown): Promise<DeliveryView> {
    const { reason } = validateInput(RetryInput, body);
    return this.uow.run(actor, async (tx) => {
      const delivery = await loadDelivery(tx, id);
      if (!delivery) throw notFound('delivery');
      requireMay(actor, 'job.manage', { authority: delivery.authority_code });
      const moved = await moveDelivery(tx, { id, event: choice, ...(reason === undefined ? {} : { reason }) });
      if (!moved) throw conflict(CHOICES[choice].code, CHOICES[choice].message);
      await enqueue(tx, sendDeliveryJob, { deliveryIds: [id] });
      return deliveryView(tx, id);
    });
  }
}
