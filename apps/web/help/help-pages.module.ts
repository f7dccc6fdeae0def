import { Module } from '@nestjs/common';
import { HelpPages } from './help.controller.js';

@Module({ controllers: [HelpPages] })
export class HelpPagesModule {}
