import { type Tx } from '#platform/database';
import { type ReturnNote } from '../claim-record.js';
import { linePath } from '../domain/index.js';
import { type FormContent } from './form-content.js';
import { type FormRecord } from './form-record.js';

/** What a return said of one line, and where that line is in the form. */
export interface PlacedReturnNote {
  /** The trainer invoice's page; null when it is not told which. */
  page: string | null;
  /** The line's key; null once there is no such line any more. */
  line: string | null;
  /** What the line was when it was returned. */
  description: string;
  reason: string;
}

/** Why the form's claim came back. */
export interface FormReturn {
  reason: string | null;
  notes: PlacedReturnNote[];
}

/** What the claim's last return said; null unless the claim is returned. */
export async function readReturn(tx: Tx, form: FormRecord, content: FormContent): Promise<FormReturn | null> {
  if (form.claimState !== 'returned') return null;
  const [row] = await tx.query<{ reason: string | null; notes: ReturnNote[] | null }>(
    `SELECT c.return_notes AS notes, (SELECT e.reason FROM audit_entry e WHERE e.claim_id = c.id AND e.action = 'claim.returned'
                                       ORDER BY e.at DESC, e.seq DESC LIMIT 1) AS reason
       FROM claim c WHERE c.id = $1`,
    [form.claimId],
  );
  return row ? { reason: row.reason, notes: placeNotes(row.notes ?? [], content) } : null;
}

type Place = { page: string; line: string; path: string; description: string };

/**
 * The lines that notes are about, by place and words, else by words alone, since lines may have moved: each line has one note. What was
 * said of a line that was rewritten or removed is told of its trainer invoice, as long as one stands in that place.
 */
export function placeNotes(notes: readonly ReturnNote[], { invoices }: FormContent): PlacedReturnNote[] {
  const free = new Set<Place>(
    invoices.flatMap(({ key, content }, at) =>
      content.lines.map((line, lineAt) => ({
        ...{ page: key, line: line.key, path: linePath(at, lineAt), description: line.description.trim() },
      })),
    ),
  );
  const found = new Map<ReturnNote, Place>();
  const take = (fits: (note: ReturnNote, place: Place) => boolean): void => {
    for (const note of notes.filter((one) => !found.has(one))) {
      const place = [...free].find((candidate) => fits(note, candidate));
      if (place === undefined) continue;
      found.set(note, place);
      free.delete(place);
    }
  };
  const sameWords = (note: ReturnNote, { description }: Place): boolean => note.description === description;
  take((note, place) => note.path === place.path && sameWords(note, place));
  take(sameWords);
  return notes.map((note) => ({
    page: found.get(note)?.page ?? invoices[Number(/\d+/.exec(note.path)?.[0])]?.key ?? null,
    line: found.get(note)?.line ?? null,
    description: note.description,
    reason: note.reason,
  }));
}
