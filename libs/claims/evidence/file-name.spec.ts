import { describe, expect, it } from '@jest/globals';
import { FILE_KINDS } from './file-kind.js';
import { contentDisposition, declaredOtherwise, nameToSave, safeFileName } from './file-name.js';

describe('a sent file name', () => {
  it.each([
    ['invoice.pdf', 'invoice.pdf'],
    ['C:\\Users\\someone\\invoice.pdf', 'invoice.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['τιμολόγιο Μαρτίου.pdf', 'τιμολόγιο Μαρτίου.pdf'],
    ['in\r\nvoice\0.pdf', 'invoice.pdf'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['a\uD800b.pdf', 'ab.pdf'],
    ['  .hidden.pdf ', 'hidden.pdf'],
    ['a"b<c>|d?.pdf', 'a_b_c__d_.pdf'],
    ['..', 'file'],
    ['', 'file'],
    [undefined, 'file'],
  ])('%j becomes %j', (sent, safe) => expect(safeFileName(sent)).toBe(safe));

  it('is cut to 255 characters and keeps its extension', () => {
    const name = safeFileName(`${'é'.repeat(300)}.pdf`);
    expect(name).toHaveLength(255);
    expect(name.endsWith('é.pdf')).toBe(true);
  });
});

describe('what the sender declared', () => {
  it.each([
    ['invoice.pdf', 'application/pdf', false],
    ['INVOICE.PDF', 'application/octet-stream', false],
    ['invoice.pdf', undefined, false],
    ['invoice.png', 'application/pdf', true],
    ['invoice.pdf', 'image/png', true],
    ['invoice', 'application/pdf', true],
  ])('%s as %s differs from a PDF: %s', (name, type, differs) =>
    expect(declaredOtherwise(FILE_KINDS.pdf, name, type)).toBe(differs),
  );
});

describe('the name offered for saving', () => {
  it('always ends in what the bytes are', () => {
    expect(nameToSave(FILE_KINDS.pdf, 'invoice.pdf.exe')).toBe('invoice.pdf.exe.pdf');
    expect(nameToSave(FILE_KINDS.jpeg, 'scan.JPEG')).toBe('scan.JPEG');
  });

  it('stands in the header in ASCII and as it is', () => {
    expect(contentDisposition(FILE_KINDS.pdf, 'Café ’18 (1).pdf')).toBe(
      `inline; filename="Cafe _18 (1).pdf"; filename*=UTF-8''Caf%C3%A9%20%E2%80%9918%20%281%29.pdf`,
    );
    expect(contentDisposition(FILE_KINDS.csv, '50%.csv')).toBe(
      `attachment; filename="50_.csv"; filename*=UTF-8''50%25.csv`,
    );
  });
});
