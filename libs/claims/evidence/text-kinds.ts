import { parse } from 'csv-parse/sync';

const HEADER_LINE = /^[!-9;-~]+[ \t]*:/;
const SENDER = /^(from|sender)[ \t]*:/i;
const ENVELOPE = /^(date|subject|to|message-id|received|mime-version)[ \t]*:/i;

/**
 * A message as mail programs save it (RFC 5322): header lines up to an empty line, a sender and another field of the
 * envelope among them.
 */
export function looksLikeEmail(start: string): boolean {
  const lines = start.split(/\r?\n/);
  const end = lines.indexOf('');
  const header = end === -1 ? lines : lines.slice(0, end);
  const wellFormed = header.every((line, at) => HEADER_LINE.test(line) || (at > 0 && /^[ \t]/.test(line)));
  return wellFormed && header.some((line) => SENDER.test(line)) && header.some((line) => ENVELOPE.test(line));
}

const DELIMITERS = [',', ';', '\t'];

/** Markup, scripts, JSON, RTF and PostScript are text too, but no tables. */
const OTHER_TEXT = /^\s*(<|\{|\[|#!|%!)/;

/** How many records decide. */
const RECORDS = 200;

/** A table in text: by one of the usual delimiters, most records have the same number of columns, at least two. */
export function looksLikeCsv(start: string): boolean {
  if (OTHER_TEXT.test(start)) return false;
  return DELIMITERS.some((delimiter) => isTable(start, delimiter));
}

function isTable(start: string, delimiter: string): boolean {
  let records: string[][];
  try {
    records = parse(start, { delimiter, relax_column_count: true, skip_empty_lines: true, to: RECORDS });
  } catch {
    return false; // stray quotes: not a table by this delimiter
  }
  const widths = new Map<number, number>();
  for (const record of records) widths.set(record.length, (widths.get(record.length) ?? 0) + 1);
  const usual = [...widths].filter(([width, count]) => width >= 2 && count >= 2 && count * 2 > records.length);
  return usual.length > 0;
}
