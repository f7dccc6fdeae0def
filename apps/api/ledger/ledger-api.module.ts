import { Module } from '@nestjs/common';
import { LedgerModule } from '#ledger';
import { LedgerController, StatementController } from './ledger.controller.js';

@Module({ imports: [LedgerModule], controllers: [LedgerController, StatementController] })
export class LedgerApiModule {}
