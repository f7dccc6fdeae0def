import { Module } from '@nestjs/common';
import { GrantsModule } from '#grants';
import { GrantImportsController, GrantTemplateController } from './grant-imports.controller.js';
import { GrantsController } from './grants.controller.js';

@Module({ imports: [GrantsModule], controllers: [GrantsController, GrantImportsController, GrantTemplateController] })
export class GrantsApiModule {}
