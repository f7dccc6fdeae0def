import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { BankDetailsPages } from './bank-details.controller.js';
import { CallBackPages } from './call-back.controller.js';

@Module({ imports: [ProgrammeModule], controllers: [BankDetailsPages, CallBackPages] })
export class BankDetailsPagesModule {}
