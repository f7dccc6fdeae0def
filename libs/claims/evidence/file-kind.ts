import { DomainError } from '#kernel';
import { fileTypeFromBuffer } from 'file-type';
import { looksLikeCsv, looksLikeEmail } from './text-kinds.js';
import { isWorkbook } from './workbook.js';

/** A kind of file taken as evidence. Only those `inline` may be shown by a browser in place. */
export interface FileKind {
  readonly mediaType: string;
  readonly extensions: readonly string[];
  readonly declaredAs: readonly string[];
  readonly inline: boolean;
}

const kind = (mediaType: string, extensions: string[], inline: boolean, ...also: string[]): FileKind => ({
  mediaType,
  extensions,
  declaredAs: [mediaType, ...also],
  inline,
});

/** What browsers and mail programs call these types when they send them is listed behind the type's own name. */
export const FILE_KINDS = {
  pdf: kind('application/pdf', ['pdf'], true),
  png: kind('image/png', ['png'], true),
  jpeg: kind('image/jpeg', ['jpg', 'jpeg'], true, 'image/jpg', 'image/pjpeg'),
  eml: kind('message/rfc822', ['eml'], false),
  xlsx: kind('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ['xlsx'], false),
  csv: kind('text/csv', ['csv'], false, 'application/vnd.ms-excel', 'application/csv', 'text/plain'),
} as const;

/** What evidence is served as. */
export const EVIDENCE_MEDIA_TYPES = Object.values(FILE_KINDS).map((known) => known.mediaType);

export const kindOf = (mediaType: string): FileKind | undefined =>
  Object.values(FILE_KINDS).find((known) => known.mediaType === mediaType);

const BINARY: Record<string, FileKind> = {
  'application/pdf': FILE_KINDS.pdf,
  'image/png': FILE_KINDS.png,
  'image/apng': FILE_KINDS.png, // an animated PNG is a PNG
  'image/jpeg': FILE_KINDS.jpeg,
};

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 256 * 1024;

/** Bytes that no text file holds: control characters but tab, line feed, form feed, carriage return. */
const CONTROL = new Uint8Array(256);
for (let byte = 0; byte < 32; byte++) if (![9, 10, 12, 13].includes(byte)) CONTROL[byte] = 1;
CONTROL[127] = 1;

/**
 * Finds a file's kind from its bytes while they pass by on their way to storage: the beginning, the end and whether
 * all of it is text are kept, never the whole. What the sender calls the file is not asked.
 */
export class FileKindReader {
  private readonly head: Uint8Array[] = [];
  private headSize = 0;
  private tail: Uint8Array = new Uint8Array();
  private size = 0;
  private text = true;
  private utf8: InstanceType<typeof TextDecoder> | null = new TextDecoder('utf-8', { fatal: true });

  /** Passes a source on unchanged; at its end throws what `kind` throws, so that nothing refused is stored. */
  async *watch(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.take(chunk);
      yield chunk;
    }
    await this.kind();
  }

  take(chunk: Uint8Array): void {
    this.size += chunk.byteLength;
    if (this.headSize < HEAD_BYTES) {
      this.head.push(Uint8Array.prototype.slice.call(chunk, 0, HEAD_BYTES - this.headSize));
      this.headSize = Math.min(HEAD_BYTES, this.headSize + chunk.byteLength);
    }
    this.tail = Buffer.concat([this.tail, chunk].map((part) => part.subarray(-TAIL_BYTES))).subarray(-TAIL_BYTES);
    if (this.text) this.text = !hasControl(chunk);
    if (this.text) this.decode(chunk);
  }

  /** The kind, once all bytes have passed. Throws malformed `file_empty`, unsupported_type `evidence_type_not_allowed`. */
  async kind(): Promise<FileKind> {
    if (this.size === 0) throw new DomainError('malformed', 'file_empty', 'The file is empty. Choose another one.');
    const head = Buffer.concat(this.head);
    const found = await binaryKind(head);
    if (found) return found;
    if (head.subarray(0, 4).equals(ZIP) && isWorkbook(Buffer.from(this.tail), this.size)) return FILE_KINDS.xlsx;
    if (this.text) {
      const start = this.startAsText(head);
      if (looksLikeEmail(start)) return FILE_KINDS.eml;
      if (looksLikeCsv(start)) return FILE_KINDS.csv;
    }
    throw new DomainError(
      'unsupported_type',
      'evidence_type_not_allowed',
      'The content of the file is none of PDF, PNG, JPEG, EML, XLSX or CSV. Send it as one of these.',
    );
  }

  private decode(chunk: Uint8Array): void {
    try {
      this.utf8?.decode(chunk, { stream: true });
    } catch {
      this.utf8 = null; // not UTF-8: read as Latin-1, as older exports are written
    }
  }

  /** The beginning as text, without the piece of line that the limit cut off. */
  private startAsText(head: Buffer): string {
    const start = head.toString(this.utf8 ? 'utf8' : 'latin1').replace(/^\uFEFF/, '');
    const end = this.size > HEAD_BYTES ? start.lastIndexOf('\n') + 1 : start.length;
    return start.slice(0, end);
  }
}

const ZIP = Buffer.from('PK\x03\x04', 'latin1');

async function binaryKind(head: Buffer): Promise<FileKind | undefined> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined); // broken inside: no kind of ours
  return found && BINARY[found.mime];
}

function hasControl(chunk: Uint8Array): boolean {
  for (let at = 0; at < chunk.length; at++) if (CONTROL[chunk[at]!]) return true;
  return false;
}
