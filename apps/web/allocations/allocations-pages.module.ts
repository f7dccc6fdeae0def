import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { AllocationPages } from './allocations.controller.js';
import { MovePages } from './move.controller.js';

@Module({ imports: [ProgrammeModule], controllers: [MovePages, AllocationPages] })
export class AllocationsPagesModule {}
