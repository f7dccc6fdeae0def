import { Module } from '@nestjs/common';
import { RenderPool } from '#documents';
import { GrantsModule } from '#grants';
import { grantRenderers } from '#grants/documents';
import { ProgrammeModule } from '#programme';
import { DetailsPages } from './details.controller.js';
import { GrantPages } from './grants.controller.js';
import { ImportPages } from './import.controller.js';
import { SpendingPages } from './spending.controller.js';

/** Compiled, beside this module when it runs from dist. */
const RENDER_THREAD = new URL('./render-thread.js', import.meta.url);
/** A few statements may wait for each other; more are refused with 503 rather than kept. */
const MOST_WAITING = 20;

@Module({
  imports: [GrantsModule, ProgrammeModule],
  controllers: [ImportPages, GrantPages, DetailsPages, SpendingPages],
  providers: [
    {
      provide: RenderPool,
      useFactory: () => new RenderPool(grantRenderers, { entry: RENDER_THREAD, maxQueued: MOST_WAITING }),
    },
  ],
})
export class GrantsPagesModule {}
