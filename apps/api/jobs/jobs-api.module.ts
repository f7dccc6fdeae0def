import { Module } from '@nestjs/common';
import { DeliveryModule } from '#claims';
import { DeliveriesController, JobsController } from './deliveries.controller.js';
import { DocumentRetryController } from './document-retry.controller.js';

@Module({ imports: [DeliveryModule], controllers: [DeliveriesController, JobsController, DocumentRetryController] })
export class JobsApiModule {}
