import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { AuthoritiesController, ProgrammesController } from './programme.controller.js';

@Module({ imports: [ProgrammeModule], controllers: [ProgrammesController, AuthoritiesController] })
export class ProgrammeApiModule {}
