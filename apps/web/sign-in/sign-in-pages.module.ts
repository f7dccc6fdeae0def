import { Module } from '@nestjs/common';
import { CarryOnPages } from './carry-on.controller.js';
import { LinkPages } from './links.controller.js';
import { OidcPages } from './oidc.controller.js';
import { SecondFactorPages } from './second-factor.controller.js';
import { SignInPages } from './sign-in.controller.js';

@Module({ controllers: [SignInPages, SecondFactorPages, LinkPages, OidcPages, CarryOnPages] })
export class SignInPagesModule {}
