import { Module } from '@nestjs/common';
import { HomePages } from './home.controller.js';

@Module({ controllers: [HomePages] })
export class HomePagesModule {}
