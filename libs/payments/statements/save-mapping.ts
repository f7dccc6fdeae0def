import { Inject, Injectable } from '@nestjs/common';
import { malformed, notFound, type Problem } from '#kernel';
import { appendAudit } from '#audit';
import { programmeMeant } from '#funding';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { kinds, requireVersion, validateInput, validateQuery, type ExpectedVersion } from '#platform/validation';
import { MAPPING_NAME, mappingsOf, mappingView } from './mapping-store.js';
import { MappingInput, MappingQuery, type CsvSourceInput, type MappingView } from './mapping.input.js';

/** How banks lay out their CSV, saved under names. */
@Injectable()
export class StatementMappings {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Makes a mapping, whose version is 0 before, or replaces one. Throws malformed, not_found, forbidden, stale, precondition_required. */
  save(
    actor: Actor,
    of: { name: string; query: unknown; expected: ExpectedVersion },
    body: unknown,
  ): Promise<MappingView> {
    const input = validateInput(MappingInput, body);
    requireWhole(input);
    const query = validateQuery(MappingQuery, of.query);
    return this.uow.run(actor, async (tx) => {
      requireName(actor, of.name);
      requireMay(actor, 'bank_statement.reconcile');
      const programme = await programmeMeant(tx, query.programme);
      const before = await lock(tx, programme, of.name);
      requireVersion(of.expected, before);
      await tx.execute(
        `INSERT INTO bank_statement_mapping (programme_code, name, mapping, saved_by, saved_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (programme_code, name) DO UPDATE SET mapping = $3, saved_by = $4, saved_at = $5, version = $6`,
        [programme, of.name, JSON.stringify(input), actor.userId, tx.now, before + 1],
      );
      await appendAudit(tx, {
        chain: programme,
        action: 'bank_statement_mapping.saved',
        subjectType: 'bank_statement_mapping',
        subjectId: of.name,
        before: { version: before },
        after: { version: before + 1 },
      });
      return one(tx, programme, of.name);
    });
  }

  /** Throws malformed, not_found, forbidden. */
  read(actor: Actor, name: string, query: unknown): Promise<MappingView> {
    const { programme: named } = validateQuery(MappingQuery, query);
    return this.uow.read(actor, async (tx) => {
      requireName(actor, name);
      requireMay(actor, 'payment.read');
      return one(tx, await programmeMeant(tx, named), name);
    });
  }

  /** By name. Throws malformed, not_found, forbidden. */
  list(actor: Actor, query: unknown): Promise<Page<MappingView>> {
    const { filters, page: wanted } = listQuery(MappingQuery, query, [kinds.code(MAPPING_NAME)]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read');
      const rows = await mappingsOf(tx, await programmeMeant(tx, filters.programme), null);
      const after = rows.filter(({ name }) => name > (wanted.after?.[0] ?? ''));
      return page(after.slice(0, wanted.limit + 1).map(mappingView), wanted.limit, (last) => [last.name]);
    });
  }
}

/** Also where the name is good, to an authority no mapping is there. */
function requireName({ scope }: Actor, name: string): void {
  if (!MAPPING_NAME.test(name) || scope !== '*') throw notFound('mapping');
}

async function one(tx: Tx, programme: string, name: string): Promise<MappingView> {
  const [row] = await mappingsOf(tx, programme, name);
  if (!row) throw notFound('mapping');
  return mappingView(row);
}

/** Its version, 0 when there is none. Two who make the same one at once: the second waits for the first. */
async function lock(tx: Tx, programme: string, name: string): Promise<number> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('bank_statement_mapping:' || $1 || ':' || $2, 0))", [
    programme,
    name,
  ]);
  const [row] = await mappingsOf(tx, programme, name);
  return row?.version ?? 0;
}

/** What one field alone cannot say. Throws malformed. */
function requireWhole({ account, sortCode, currency, columns }: MappingInput): void {
  const sources: [string, CsvSourceInput | undefined][] = Object.entries({ account, sortCode, currency });
  const problems = sources.flatMap(([path, source]): Problem[] =>
    source === undefined || (source.column === undefined) !== (source.value === undefined)
      ? []
      : [{ path, code: 'one_of', message: 'Give either the heading of a column or one value for the whole file.' }],
  );
  const { amount, debit, credit } = columns;
  const both = debit !== undefined && credit !== undefined;
  if (amount === undefined ? !both : debit !== undefined || credit !== undefined) {
    const message = 'Give either one column with signed amounts, or one for money out and one for money in.';
    problems.push({ path: 'columns.amount', code: 'one_of', message });
  }
  if (problems.length > 0) throw malformed(problems);
}
