import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { SearchPages } from './search.controller.js';

@Module({ imports: [ClaimsModule], controllers: [SearchPages] })
export class SearchPagesModule {}
