import { type NameOf } from '#identity';
import { type MatchCandidate, type MatchPreview, type StatementLineView } from '#payments';
import { money, type Form } from '../page/index.js';
import { consequence, type Choice } from './match.js';
import { thing, type Described } from './statement.presenter.js';

/** What could be chosen besides the suggestions, which stand above it. */
export function candidateRows(found: readonly MatchCandidate[], line: StatementLineView, authorityOf: NameOf) {
  const suggested = new Set(line.suggestions.map(({ kind, id }) => `${kind} ${id}`));
  return found
    .filter(({ kind, id }) => !suggested.has(`${kind} ${id}`))
    .map((one) => {
      const described = new Map([[`${one.kind} ${one.id}`, one]]);
      const { text, detail } = thing(one.kind, one.id, { described, authorityOf });
      return { value: `${one.kind}:${one.id}`, text, detail };
    });
}

const pounds = (pence: number): string => money(Math.abs(pence)).replace(/[£,]/g, '');

/** What was chosen, how much of the line each takes, and what follows. Without a preview the amounts are as they were typed. */
export function previewPage(
  form: Form,
  choice: Choice,
  of: { described: Described; authorityOf: NameOf; preview: MatchPreview | null },
) {
  const { described, preview } = of;
  return {
    rows: choice.picks.map(({ kind, id }) => {
      const found = described.get(`${kind} ${id}`);
      const planned = preview?.matches.find((match) => match.targetId === id);
      return {
        ...thing(kind, id, of),
        id: `amount-${id}`,
        pick: `${kind}:${id}`,
        reference: found?.reference ?? '',
        amount: form.text(`amount-${id}`) ?? (planned ? pounds(planned.pence) : found ? pounds(found.openPence) : ''),
        follows: planned ? consequence(planned, found) : null,
      };
    }),
    rest: choice.rest,
    restFollows: (preview?.matches ?? [])
      .filter(({ targetId }) => targetId === null)
      .map((match) => `${money(Math.abs(match.pence))}: ${consequence(match, undefined)}`),
    leftPence: preview && Math.abs(preview.leftPence),
    restPence: preview && Math.abs(preview.restPence),
    ready: preview !== null,
  };
}
