import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ProgrammeModule } from '#programme';
import { ProgrammePages } from './programme.controller.js';

@Module({ imports: [AuditModule, ProgrammeModule], controllers: [ProgrammePages] })
export class ProgrammePagesModule {}
