import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { AssuranceModule } from '#funding';
import { FailedCheckPages } from './failed.controller.js';
import { DrawnClaimPages } from './items.controller.js';
import { SamplePages } from './samples.controller.js';

/** Samples of approved claims and what checking them came to; of an authority, which evidence is asked of it. */
@Module({ imports: [AssuranceModule, ClaimsModule], controllers: [DrawnClaimPages, FailedCheckPages, SamplePages] })
export class AssurancePagesModule {}
