import { Camt053Parser } from './camt053.js';
import type { CsvMapping } from './csv-mapping.js';
import { CsvStatementParser } from './csv-statement.js';
import { Mt940Parser } from './mt940.js';
import { StatementProof, type Acceptance } from './prove-statement.js';
import type { RawEvent, StatementEvent, StatementParser } from './statement.js';

export type StatementFormat = { kind: 'camt053' } | { kind: 'mt940' } | { kind: 'csv'; mapping: CsvMapping };

/** Pieces given to a parser: what one gives is held until the consumer has taken it. */
const PIECE_BYTES = 64 * 1024;

/**
 * Reads a file of statements as it comes in: of each a header, its entries, a closing. Memory does not grow with the file.
 * Throws BankFileError at the first thing wrong, which for a balance is at the end: **what came before is not to be kept**
 * until the generator has finished. A use case writes the events inside one transaction and lets the error undo it.
 * As `well_formed`, figures that do not agree are listed in the closing event instead of refused; that is for showing a file.
 */
export async function* readStatements(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  format: StatementFormat,
  accept: Acceptance = 'proved',
): AsyncGenerator<StatementEvent> {
  for await (const events of readStatementPieces(source, format, accept)) yield* events;
}

/** The same, with what became complete at once: for whoever takes a hundred thousand entries and would wait for each. */
export async function* readStatementPieces(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  format: StatementFormat,
  accept: Acceptance = 'proved',
): AsyncGenerator<StatementEvent[]> {
  const parser = parserOf(format);
  const proof = new StatementProof(accept);
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield followed(proof, parser.write(chunk.subarray(from, from + PIECE_BYTES)));
    }
  }
  yield followed(proof, parser.end());
  proof.end();
}

function followed(proof: StatementProof, raw: Iterable<RawEvent>): StatementEvent[] {
  const events: StatementEvent[] = [];
  for (const event of raw) events.push(proof.follow(event));
  return events;
}

function parserOf(format: StatementFormat): StatementParser {
  switch (format.kind) {
    case 'camt053':
      return new Camt053Parser();
    case 'mt940':
      return new Mt940Parser();
    case 'csv':
      return new CsvStatementParser(format.mapping);
  }
}
