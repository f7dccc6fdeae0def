import { Module } from '@nestjs/common';
import { SignInPages } from './sign-in.controller.js';

@Module({ controllers: [SignInPages] })
export class SignInPagesModule {}
