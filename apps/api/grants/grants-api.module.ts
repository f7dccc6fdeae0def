import { Module } from '@nestjs/common';
import { RenderPool } from '#documents';
import { GrantsModule } from '#grants';
import { grantRenderers } from '#grants/documents';
import { GrantImportsController, GrantTemplateController } from './grant-imports.controller.js';
import { GrantStatementController } from './grant-statement.controller.js';
import { GrantsController } from './grants.controller.js';

/** What renders statements runs: compiled, beside this module when it runs from dist. */
const RENDER_THREAD = new URL('./render-thread.js', import.meta.url);
/** A few statements may wait for each other; more are refused with 503 rather than kept. */
const MOST_WAITING = 20;

@Module({
  imports: [GrantsModule],
  controllers: [GrantsController, GrantImportsController, GrantTemplateController, GrantStatementController],
  providers: [
    {
      provide: RenderPool,
      useFactory: () => new RenderPool(grantRenderers, { entry: RENDER_THREAD, maxQueued: MOST_WAITING }),
    },
  ],
})
export class GrantsApiModule {}
