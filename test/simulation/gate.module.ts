import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { GateInterceptor } from './gates.js';

/** Of the process under test alone: every request may name a gate. */
@Module({ providers: [{ provide: APP_INTERCEPTOR, useClass: GateInterceptor }] })
export class GateModule {}
