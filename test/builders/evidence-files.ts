import { crc32, deflateRawSync } from 'node:zlib';

/** Small real files, by their bytes. */
export const aPdf = (text = 'Invoice'): Buffer => Buffer.from(`%PDF-1.7\n% ${text}\n%%EOF\n`);

export const aPng = (): Buffer =>
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );

export const aJpeg = (): Buffer =>
  Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.from('ffd9', 'hex')]);

export const anEml = (): Buffer =>
  Buffer.from(
    'Received: from mail.example\r\n\tby council.example; Mon, 2 Apr 2018 10:00:00 +0100\r\nFrom: a@trainer.example\r\n' +
      'To: finance@council.example\r\nSubject: Invoice INV-0042\r\n\r\nPlease find our invoice attached.\r\n',
  );

export const aCsv = (): Buffer => Buffer.from('date,payee,amount\r\n2018-03-28,A Trainer Ltd,2400.00\r\n');

export interface ZipEntry {
  name: string;
  content: Buffer;
  /** What the directory declares instead of the truth. */
  unpacked?: number;
  packed?: number;
}

/** A ZIP file of these entries, each deflated. */
export function zip(entries: ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, unpacked, packed } of entries) {
    const data = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed ?? data.length, 14);
    fields.writeUInt32LE(unpacked ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    fields.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), data]);
    local.push(header);
    offset += header.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, central, end]);
}

export const workbookEntries = (): ZipEntry[] => [
  { name: '[Content_Types].xml', content: Buffer.from('<Types/>') },
  { name: '_rels/.rels', content: Buffer.from('<Relationships/>') },
  { name: 'xl/workbook.xml', content: Buffer.from('<workbook/>') },
  { name: 'xl/worksheets/sheet1.xml', content: Buffer.from('<worksheet/>') },
];

export const anXlsx = (): Buffer => zip(workbookEntries());
