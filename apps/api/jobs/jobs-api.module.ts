import { Module } from '@nestjs/common';
import { DocumentsModule } from '#documents';
import { DeliveriesController, JobsController } from './deliveries.controller.js';
import { DocumentRetryController } from './document-retry.controller.js';

@Module({ imports: [DocumentsModule], controllers: [DeliveriesController, JobsController, DocumentRetryController] })
export class JobsApiModule {}
