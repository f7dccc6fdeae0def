import { Module, type DynamicModule } from '@nestjs/common';
import { DeliveryQueries } from './delivery.queries.js';
import { DocumentFiles } from './document-files.js';
import { DOCUMENT_KINDS } from './document-kinds.js';
import { type DocumentKinds } from './domain/index.js';
import { Notices } from './notices.js';
import { RenderDocument } from './render-document.js';
import { RenderPool } from './render-pool.js';
import { RetryDelivery } from './retry-delivery.js';
import { RetryDocument } from './retry-document.js';
import { SendDelivery } from './send-delivery.js';
import { SweepDeliveries } from './sweep-deliveries.js';

const ASKED = [RetryDocument, RetryDelivery, DeliveryQueries, DocumentFiles, Notices];

/** What the API needs of issued documents: reading and trying again. Needs DatabaseModule and DocumentStorage. */
@Module({ providers: ASKED, exports: ASKED })
export class DocumentsModule {}

const WORK = [RenderDocument, SendDelivery, SweepDeliveries];

/** What a worker needs: the jobs themselves. Needs DatabaseModule, MailTransport and DocumentStorage. */
@Module({})
export class DocumentsWorkModule {
  /** `thread` is the compiled module that a rendering thread runs; it answers by `renderWith` the same kinds. */
  static forKinds(kinds: DocumentKinds, thread: URL): DynamicModule {
    return {
      module: DocumentsWorkModule,
      imports: [DocumentsModule],
      providers: [
        ...WORK,
        { provide: DOCUMENT_KINDS, useValue: kinds },
        { provide: RenderPool, useFactory: () => new RenderPool(kinds, { entry: thread }) },
      ],
      exports: [...WORK, DocumentsModule],
    };
  }
}
