import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aCsv, aJpeg, aPdf, aPng, anEml, anXlsx, workbookEntries, zip } from '../../../test/builders/evidence-files.js';
import { FileKindReader } from './file-kind.js';

async function mediaType(bytes: Uint8Array, chunk = 1000): Promise<string> {
  const reader = new FileKindReader();
  for (let at = 0; at < bytes.length; at += chunk) reader.take(bytes.subarray(at, at + chunk));
  return (await reader.kind()).mediaType;
}

const refusal = { kind: 'unsupported_type', code: 'evidence_type_not_allowed' };
const text = (content: string): Buffer => Buffer.from(content);
const latin1 = (content: string): Buffer => Buffer.from(content, 'latin1');

describe('the kind of a file, from its bytes', () => {
  it.each([
    ['application/pdf', aPdf()],
    ['application/pdf', Buffer.concat([aPdf(), randomBytes(200_000)])],
    ['image/png', aPng()],
    ['image/jpeg', aJpeg()],
    ['image/jpeg', Buffer.concat([aJpeg(), randomBytes(200_000)])],
    ['message/rfc822', anEml()],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', anXlsx()],
    ['text/csv', aCsv()],
    ['text/csv', text('\uFEFFdate;payee;amount\n2018-03-28;"A Trainer;\nLtd";2400,00\n')],
    ['text/csv', latin1('date,payee\n2018-03-28,Société Générale\n')],
    ['text/csv', text('BM code,amount\n17,2\n')], // begins like a bitmap
    ['text/csv', text(`id,name\n${'1,Grete Müller\n'.repeat(20_000)}`)],
  ])('is %s', async (expected, bytes) => {
    expect(await mediaType(bytes)).toBe(expected);
    expect(await mediaType(bytes, 65_536)).toBe(expected);
  });

  it.each([
    ['a web page', text('<!DOCTYPE html>\n<p>a,b</p>\n<p>c,d</p>\n')],
    ['a drawing with a script', text('<svg xmlns="http://www.w3.org/2000/svg"><script>1,2</script></svg>')],
    ['prose', text('Dear finance team,\nplease pay the trainer.\nWith thanks\nA Person\n')],
    ['JSON', text('{"a": 1,\n"b": 2}\n')],
    ['a script', text('#!/bin/sh\necho a,b\necho c,d\n')],
    ['an executable', Buffer.concat([latin1('MZ\x90\0\x03\0\0\0'), randomBytes(500)])],
    ['noise', randomBytes(5_000)],
    ['a GIF', latin1('GIF89a\x01\0\x01\0\0\0\0;')],
    ['a table with a NUL', text('a,b\nc,\0d\n')],
    ['a table with a control character late', text(`a,b\n${'c,d\n'.repeat(50_000)}e,\x1b[2J\n`)],
    ['UTF-16', Buffer.from('a,b\nc,d\n', 'utf16le')],
    ['an old Excel file', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), randomBytes(600)])],
  ])('refuses %s', async (_what, bytes) => {
    await expect(mediaType(bytes)).rejects.toMatchObject(refusal);
  });

  it('refuses an empty file by its own code', async () => {
    await expect(mediaType(Buffer.alloc(0))).rejects.toMatchObject({ kind: 'malformed', code: 'file_empty' });
  });

  it('throws at the end of a watched source, so that it is not stored', async () => {
    const watched = new FileKindReader().watch(
      (async function* () {
        yield text('MZ');
      })(),
    );
    expect((await watched.next()).value).toEqual(text('MZ'));
    await expect(watched.next()).rejects.toMatchObject(refusal);
  });
});

describe('a workbook', () => {
  const sheet = { name: 'xl/worksheets/sheet2.xml', content: Buffer.from('<worksheet/>') };

  it.each([
    ['a ZIP of other files', zip([{ name: 'invoice.pdf', content: aPdf() }])],
    ['a Word document', zip([workbookEntries()[0]!, { name: 'word/document.xml', content: text('<document/>') }])],
    ['macros', zip([...workbookEntries(), { name: 'xl/vbaProject.bin', content: text('x') }])],
    ['a path out of the folder', zip([...workbookEntries(), { name: '../../etc/passwd', content: text('x') }])],
    ['a ZIP inside', zip([...workbookEntries(), { name: 'xl/media/more.zip', content: zip([]) }])],
    ['the same name twice', zip([...workbookEntries(), workbookEntries()[0]!])],
    ['a sheet of zeros', zip([...workbookEntries(), { ...sheet, content: Buffer.alloc(20_000_000) }])],
    ['huge declared sizes', zip([...workbookEntries(), { ...sheet, unpacked: 0xfffffff0 }])],
    ['overlapping entries', zip([...workbookEntries(), { ...sheet, packed: 5_000_000 }])],
    ['a cut-off end', anXlsx().subarray(0, -30)],
    ['no directory', Buffer.concat([anXlsx().subarray(0, 60), randomBytes(1000)])],
    ['bytes behind the end', Buffer.concat([anXlsx(), text('more')])],
  ])('is not %s', async (_what, bytes) => {
    await expect(mediaType(bytes)).rejects.toMatchObject(refusal);
  });

  it('may be large when its sheets are', async () => {
    const big = { ...sheet, content: Buffer.from(randomBytes(1_500_000).toString('hex')) };
    expect(await mediaType(zip([...workbookEntries(), big]), 65_536)).toContain('spreadsheetml');
  });

  it('as written by Info-ZIP is one too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xlsx-'));
    try {
      execFileSync('mkdir', ['-p', join(folder, 'xl')]);
      for (const name of ['[Content_Types].xml', 'xl/workbook.xml']) writeFileSync(join(folder, name), '<x/>');
      try {
        execFileSync('zip', ['-q', '-r', '-X', 'book.xlsx', '[Content_Types].xml', 'xl'], { cwd: folder });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // no zip on this machine
        throw error;
      }
      expect(await mediaType(readFileSync(join(folder, 'book.xlsx')))).toContain('spreadsheetml');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
