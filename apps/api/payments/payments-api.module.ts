import { Module } from '@nestjs/common';
import { PaymentsModule } from '#payments';
import { BankStatementsController } from './bank-statements.controller.js';
import { PaymentStatusFilesController } from './payment-status-files.controller.js';
import { PaymentRunsController } from './payment-runs.controller.js';
import { PaymentsController } from './payments.controller.js';
import { ReconciliationController } from './reconciliation.controller.js';
import { RemittanceController } from './remittance.controller.js';
import { StatementMappingsController } from './statement-mappings.controller.js';

@Module({
  imports: [PaymentsModule],
  controllers: [
    PaymentRunsController,
    RemittanceController,
    PaymentsController,
    ReconciliationController,
    BankStatementsController,
    StatementMappingsController,
    PaymentStatusFilesController,
  ],
})
export class PaymentsApiModule {}
