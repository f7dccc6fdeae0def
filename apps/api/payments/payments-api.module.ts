import { Module } from '@nestjs/common';
import { PaymentsModule } from '#payments';
import { PaymentRunsController } from './payment-runs.controller.js';

@Module({ imports: [PaymentsModule], controllers: [PaymentRunsController] })
export class PaymentsApiModule {}
