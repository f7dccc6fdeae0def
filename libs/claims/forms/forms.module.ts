import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { ChangeFormInvoices } from './change-invoices.js';
import { DiscardForm } from './discard-form.js';
import { FormQueries } from './form.queries.js';
import { PasteRows } from './paste-rows.js';
import { SaveFormPage } from './save-page.js';
import { StartForm } from './start-form.js';

const USE_CASES = [StartForm, SaveFormPage, ChangeFormInvoices, PasteRows, DiscardForm, FormQueries];

/** Claims while they are typed, page by page. What turns them into drafts (FinishForm) is with the claims. */
@Module({ imports: [ProgrammeModule], providers: USE_CASES, exports: USE_CASES })
export class FormsModule {}
