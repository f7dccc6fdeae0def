import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { AuthorityPages } from './authorities.controller.js';

@Module({ imports: [ProgrammeModule], controllers: [AuthorityPages] })
export class AuthoritiesPagesModule {}
