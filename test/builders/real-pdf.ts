import PDFDocument from 'pdfkit';

/** A PDF of one page that a browser shows. */
export function realPdf(): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4' });
  const parts: Buffer[] = [];
  pdf.on('data', (part: Buffer) => parts.push(part));
  pdf.fontSize(24).text('Bank statement, page 2').fontSize(14).text('28 March 2018  A Trainer Ltd  £1,356.40');
  pdf.end();
  return new Promise((done) => pdf.on('end', () => done(Buffer.concat(parts))));
}
