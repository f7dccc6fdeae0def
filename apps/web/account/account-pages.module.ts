import { Module } from '@nestjs/common';
import { AccountPages } from './account.controller.js';
import { PasswordPages } from './password.controller.js';
import { OwnSecondFactorPages } from './second-factor.controller.js';

@Module({ controllers: [AccountPages, PasswordPages, OwnSecondFactorPages] })
export class AccountPagesModule {}
