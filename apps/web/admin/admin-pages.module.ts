import { Module } from '@nestjs/common';
import { DocumentsModule } from '#documents';
import { ProgrammeModule } from '#programme';
import { JobsPages } from './jobs.controller.js';
import { UserPages } from './user.controller.js';
import { UsersPages } from './users.controller.js';

@Module({ imports: [DocumentsModule, ProgrammeModule], controllers: [UsersPages, UserPages, JobsPages] })
export class AdminPagesModule {}
