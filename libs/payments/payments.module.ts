import { Module } from "@nestjs/common";
import { ProgrammeModule } from "#programme";
import { RemittanceQueries } from "./remittance/remittance.queries.js";
import { EndRun } from "./runs/end-run.js";
import { PrepareRun } from "./runs/prepare-run.js";
import { RunQueries } from "./runs/run.queries.js";

const USE_CASES = [PrepareRun, EndRun, RunQueries, RemittanceQueries];

/** Payment runs. Needs DatabaseModule and DocumentStorage. */
@Module({
  imports: [ProgrammeModule],
  providers: USE_CASES,
  exports: USE_CASES,
})
export class PaymentsModule {}
