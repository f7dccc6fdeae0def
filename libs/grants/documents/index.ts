import { type Renderers } from '#documents/domain';
import { type GrantStatementModel } from './statement-model.js';
import { drawStatement } from './statement-pdf.js';

/** The name an annual statement is rendered by. */
export const GRANT_STATEMENT = 'grant_statement';

/** How the documents of grants become files. They are made on request: nothing issues or sends them. */
export const grantRenderers: Renderers = {
  [GRANT_STATEMENT]: {
    render: (model: object) => Promise.resolve({ pdf: drawStatement(model as GrantStatementModel), xml: null }),
  },
};

export type { GrantStatementModel } from './statement-model.js';
