import { Module } from '@nestjs/common';
import { RenderPool } from '../documents/render-pool.js';
import { DeliveryQueries } from './delivery.queries.js';
import { RenderDocument } from './render-document.js';
import { RetryDelivery } from './retry-delivery.js';
import { RetryDocument } from './retry-document.js';
import { SendDelivery } from './send-delivery.js';
import { SweepDeliveries } from './sweep-deliveries.js';

const ASKED = [RetryDocument, RetryDelivery, DeliveryQueries];

/** What the API needs of documents' jobs: reading and trying again. Needs DatabaseModule. */
@Module({ providers: ASKED, exports: ASKED })
export class DeliveryModule {}

const WORK = [RenderDocument, SendDelivery, SweepDeliveries];

/** What a worker needs: the jobs themselves. Needs DatabaseModule, MailTransport and DocumentStorage. */
@Module({
  imports: [DeliveryModule],
  providers: [...WORK, { provide: RenderPool, useFactory: () => new RenderPool() }],
  exports: [...WORK, DeliveryModule],
})
export class DeliveryWorkModule {}
