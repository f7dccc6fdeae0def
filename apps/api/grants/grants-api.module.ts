import { Module } from '@nestjs/common';
import { GrantsModule } from '#grants';
import { GrantsController } from './grants.controller.js';

@Module({ imports: [GrantsModule], controllers: [GrantsController] })
export class GrantsApiModule {}
