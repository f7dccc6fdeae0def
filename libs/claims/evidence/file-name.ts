import type { FileKind } from './file-kind.js';

const LONGEST = 255;

/**
 * What a sent file name becomes: the last part of a path, without control, direction and line characters, at most 255
 * characters, its extension kept. Letters of any script stay. A name with nothing left is `file`.
 */
export function safeFileName(sent: string | undefined): string {
  const last = (sent ?? '').normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return shortened(clean) || 'file';
}

function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST) return name;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  return letters.slice(0, LONGEST - extension.length).join('') + extension;
}

const extensionOf = (name: string): string => /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** True when the sender's type or the name's extension says something else than the bytes. Noted, never trusted. */
export function declaredOtherwise(kind: FileKind, fileName: string, declaredType: string | undefined): boolean {
  const type = declaredType?.split(';')[0]?.trim().toLowerCase();
  const typeDiffers = !!type && type !== 'application/octet-stream' && !kind.declaredAs.includes(type);
  return typeDiffers || !kind.extensions.includes(extensionOf(fileName));
}

/** The name offered for saving: ends in an extension of what the bytes are, whatever the sender called it. */
export function nameToSave(kind: FileKind, fileName: string): string {
  return kind.extensions.includes(extensionOf(fileName)) ? fileName : `${fileName}.${kind.extensions[0]}`;
}

/** A Content-Disposition (RFC 6266) with an ASCII name for old readers and the real one beside it (RFC 8187). */
export function contentDisposition(kind: FileKind, fileName: string): string {
  const name = nameToSave(kind, fileName);
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind.inline ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
