import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { MeController, TokensController } from './me.controller.js';
import { UsersController } from './users.controller.js';

@Module({ imports: [IdentityModule], controllers: [MeController, TokensController, UsersController] })
export class UsersApiModule {}
