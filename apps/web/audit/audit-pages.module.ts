import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { AuditPages } from './audit.controller.js';

@Module({ imports: [AuditModule], controllers: [AuditPages] })
export class AuditPagesModule {}
