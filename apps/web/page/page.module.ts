import { Global, Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { ProgrammeModule } from '#programme';
import { AssetsController } from './assets.controller.js';
import { Assets } from './assets.js';
import { FormOwner } from './form-owner.js';
import { PageFilter } from './page.filter.js';
import { PageRenderer } from './page-renderer.js';
import { ProgrammeQuestion } from './programme-question.js';
import { ProgressPage } from './progress-page.js';

/** What all pages stand on. Global because every page's interceptor and filter ask for the renderer. */
@Global()
@Module({
  imports: [IdentityModule, ProgrammeModule],
  controllers: [AssetsController],
  providers: [Assets, FormOwner, PageRenderer, ProgrammeQuestion, ProgressPage, PageFilter],
  exports: [Assets, FormOwner, PageRenderer, ProgrammeQuestion, ProgressPage, PageFilter],
})
export class PageModule {}
