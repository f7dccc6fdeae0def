import { requirePrintable } from '#platform/pdf';
import { type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import { scheduleModel, type RequestToPrint } from './read-schedule.js';
import { drawSchedule } from './schedule-pdf.js';

/** The schedule of a request that has its number, as a PDF. Throws refused `unsupported_character`. */
export async function schedulePdf(tx: Tx, request: RequestToPrint, terms: ProgrammeTerms): Promise<Buffer> {
  const model = await scheduleModel(tx, request, terms);
  requirePrintable(model);
  return drawSchedule(model);
}
