import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { formatPence, InvalidValue } from '#kernel';
import type { DocumentModel } from '../../libs/claims/documents/document-model.js';
import { RenderPool } from '#documents';
import { documentKinds } from '../../apps/worker/document-kinds.js';
import { renderDocument } from '../../libs/claims/documents/render-document.js';
import { aCategory, aCreditNote, aDocument, aLine, aTrainerInvoice } from '../builders/document.js';
import { documents } from '../support/document-arbitrary.js';
import { needing } from '../support/programs.js';
import { brokenRules } from '../support/en16931.js';

const run = promisify(execFile);
const SCHEMAS = new URL('../fixtures/ubl21/maindoc/', import.meta.url);
const SEED = 20180403;
/** These run programs fifty times, perhaps on a busy machine. */
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const squeeze = (text: string): string => text.normalize('NFC').replace(/\s+/gu, '');
/** What is on the pages, without white space and line breaks; headings repeated on pages included. */
const pageText = async (file: string): Promise<string> => squeeze((await run('pdftotext', ['-raw', file, '-'])).stdout);
const paths = (model: DocumentModel) => ({
  pdf: join(folder, `${model.number}.pdf`),
  xml: join(folder, `${model.number}.xml`),
});

async function write(model: DocumentModel): Promise<{ pdf: string; xml: string }> {
  const files = paths(model);
  const { pdf, xml } = await renderDocument(model);
  writeFileSync(files.pdf, pdf);
  writeFileSync(files.xml, xml);
  return files;
}

describe('fifty generated documents', () => {
  const models = fc
    .sample(documents, { seed: SEED, numRuns: 50 })
    .map((model, index) => ({ ...model, number: `${model.number}-${index}` }));
  beforeAll(async () => {
    for (const model of models) await write(model);
  });

  it('are invoices and credit notes', () => {
    expect(new Set(models.map(({ kind }) => kind))).toEqual(new Set(['invoice', 'credit_note']));
  });

  it('keep every business rule of EN 16931', () => {
    for (const model of models)
      expect([model.number, brokenRules(readFileSync(paths(model).xml, 'utf8'))]).toEqual([model.number, []]);
  });

  needing('xmllint')('by xmllint', () => {
    it.each([
      ['invoice', 'UBL-Invoice-2.1.xsd'],
      ['credit_note', 'UBL-CreditNote-2.1.xsd'],
    ])('every %s is valid UBL 2.1', async (kind, schema) => {
      const files = models.filter((model) => model.kind === kind).map((model) => paths(model).xml);
      const { stderr } = await run('xmllint', [
        '--nonet',
        '--noout',
        '--schema',
        new URL(schema, SCHEMAS).pathname,
        ...files,
      ]);
      expect(stderr.trim().split('\n')).toEqual(files.map((file) => `${file} validates`));
    });

    it('a document out of order is not', async () => {
      const xml = (await renderDocument(aDocument())).xml
        .toString()
        .replace(/(<cbc:ID>.*?<\/cbc:ID>)(<cbc:IssueDate>.*?<\/cbc:IssueDate>)/, '$2$1');
      const file = join(folder, 'disordered.xml');
      writeFileSync(file, xml);
      await expect(
        run('xmllint', ['--nonet', '--noout', '--schema', new URL('UBL-Invoice-2.1.xsd', SCHEMAS).pathname, file]),
      ).rejects.toThrow('fails to validate');
    });
  });

  needing(
    'qpdf',
    'pdfinfo',
    'pdffonts',
    'pdfdetach',
  )('by qpdf and poppler', () => {
    it('are sound, tagged, titled and not encrypted, every font embedded, the XML attached', async () => {
      for (const model of models) {
        const { pdf, xml } = paths(model);
        const [check, info, fonts, attached] = await Promise.all([
          run('qpdf', ['--check', pdf]),
          run('pdfinfo', [pdf]),
          run('pdffonts', [pdf]),
          run('pdfdetach', ['-save', '1', '-o', `${xml}.attached`, pdf]),
        ]);
        expect(check.stdout).toContain('No syntax or stream encoding errors found');
        expect(info.stdout).toMatch(/^Tagged: +yes$/m);
        expect(info.stdout).toMatch(/^Encrypted: +no$/m);
        expect(info.stdout).toMatch(new RegExp(`^Title: +(Claim invoice|Credit note) ${model.number}$`, 'm'));
        const rows = fonts.stdout.trim().split('\n').slice(2);
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(row).toMatch(/ yes +yes +yes +\d+ +0$/);
        expect(attached.stderr).toBe('');
        expect(readFileSync(`${xml}.attached`).equals(readFileSync(xml))).toBe(true);
      }
    });
  });

  needing('pdftotext')('by pdftotext', () => {
    it('show every name, description and figure of the model', async () => {
      for (const model of models) {
        const text = await pageText(paths(model).pdf);
        for (const expected of expectedTexts(model))
          expect([model.number, text]).toEqual([model.number, expect.stringContaining(squeeze(expected))]);
      }
    });
  });
});

/** What must be readable on the pages, in the words and figures of the model. */
function expectedTexts(model: DocumentModel): string[] {
  const { seller, buyer, references, categories, trainerInvoices } = model;
  const money = (pence: number): string => formatPence(pence, model.currency);
  return [
    seller.legalName,
    ...seller.addressLines,
    ...buyer.addressLines,
    `${buyer.legalName} trading as ${buyer.tradingName} (ABN56581221042)`,
    model.number,
    'This is not a VAT invoice',
    'VAT excluded: recovered under section 33',
    ...[
      references.authorityReference,
      references.purchaseOrder,
      model.reason,
      model.account && 'account ending 4321',
    ].filter(
      (text): text is string => text !== null && !(text === 'account ending 4321' && model.kind === 'credit_note'),
    ),
    ...categories.map(({ label, fundedDays, netPence, eligiblePence, reimbursementPence }) =>
      [label, fundedDays ?? '–', money(netPence), money(eligiblePence), money(reimbursementPence)].join(''),
    ),
    `${model.kind === 'invoice' ? 'Total reimbursement sought' : 'Total credited'}${money(model.totalPence)}`,
    ...trainerInvoices.flatMap((invoice) => [
      `${invoice.trainerName}, invoice ${invoice.number}`,
      ...invoice.lines.map((line) => line.description),
      ...invoice.lines.map((line) => `${money(line.netPence)}${money(line.eligiblePence)}`),
    ]),
  ];
}

describe('a document', () => {
  it('has the same bytes whatever was rendered before it', async () => {
    const [first] = fc.sample(documents, { seed: SEED + 1, numRuns: 1 });
    const once = await renderDocument(first ?? aDocument());
    for (const other of fc.sample(documents, { seed: SEED + 2, numRuns: 10 })) await renderDocument(other);
    expect((await renderDocument(first ?? aDocument())).pdf.equals(once.pdf)).toBe(true);
  });

  it('has the same bytes each time', async () => {
    const [once, again] = [await renderDocument(aDocument()), await renderDocument(structuredClone(aDocument()))];
    expect(once.pdf.equals(again.pdf)).toBe(true);
    expect(once.xml.equals(again.xml)).toBe(true);
    const other = await renderDocument(aDocument({ number: 'EIP2-BRENT-0002' }));
    expect(other.pdf.equals(once.pdf)).toBe(false);
  });

  it('declares PDF/A-3a and its language, and escapes its metadata', async () => {
    const { pdf } = await renderDocument(aDocument({ seller: { ...aDocument().seller, legalName: 'A & <B>' } }));
    const raw = pdf.toString('latin1');
    expect(raw).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(raw).toContain('<pdfaid:conformance>A</pdfaid:conformance>');
    expect(raw).toContain('<rdf:li>A &amp; &lt;B&gt;</rdf:li>');
    expect(raw).toContain('/Lang (en-GB)');
    expect(raw).toContain('/AFRelationship /Alternative');
    expect(raw).toContain('/DisplayDocTitle true');
  });

  it('is refused when a letter would print as a box, or nothing is to be credited', async () => {
    await expect(renderDocument(aDocument({ reason: 'smile 😀' }))).rejects.toThrow('U+1F600');
    await expect(renderDocument(aCreditNote({ categories: [aCategory()], totalPence: 0 }))).rejects.toThrow(
      InvalidValue,
    );
  });

  needing('pdfinfo', 'pdftotext')('of many pages', () => {
    it('numbers its pages, repeats the headings and holds all 400 lines once', async () => {
      const trainerInvoices = Array.from({ length: 8 }, (_, invoice) =>
        aTrainerInvoice({
          number: `T-${invoice}`,
          lines: Array.from({ length: 50 }, (__, line) => aLine({ description: `Session ${invoice}.${line} ends` })),
        }),
      );
      const { pdf } = await write(aDocument({ number: 'EIP2-BRENT-0400', trainerInvoices }));
      const pages = Number(/^Pages: +(\d+)$/m.exec((await run('pdfinfo', [pdf])).stdout)?.[1]);
      const text = (await run('pdftotext', ['-raw', pdf, '-'])).stdout;
      const sheets = text.split('\f').slice(0, pages);
      expect(pages).toBeGreaterThan(8);
      sheets.forEach((sheet, index) => expect(sheet).toContain(`Page ${index + 1} of ${pages}`));
      for (const sheet of sheets.slice(1)) expect(sheet).toContain('Trainer-days');
      expect(text.match(/Session \d+\.\d+ ends/g)).toHaveLength(400);
      expect(new Set(text.match(/Session \d+\.\d+ ends/g)).size).toBe(400);
    });

    it('lets no text overlap another or leave the page', async () => {
      const model = aDocument({
        number: 'EIP2-BRENT-0401',
        trainerInvoices: [
          aTrainerInvoice({
            trainerName: 'Ω'.repeat(120),
            lines: [
              aLine({ description: 'W'.repeat(500), netPence: 10_000_000, eligiblePence: 9_999_999 }),
              aLine({ description: 'αβγ '.repeat(125), deliveredOn: everyOtherDay(100) }),
              aLine({ description: 'short' }),
            ],
          }),
        ],
      });
      const { pdf } = await write(model);
      const { stdout } = await run('pdftotext', ['-bbox', pdf, '-']);
      for (const page of stdout.split('<page ').slice(1)) expect(overlapping(boxes(page))).toEqual([]);
    });
  });
});

function everyOtherDay(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(2018, 0, 1 + 2 * index)).toISOString().slice(0, 10),
  );
}

interface Box {
  text: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boxes(page: string): Box[] {
  const words = page.matchAll(/xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)/g);
  return [...words].map(([, left, top, right, bottom, text = '']) => ({
    text,
    left: Number(left),
    top: Number(top),
    right: Number(right),
    bottom: Number(bottom),
  }));
}

/** Pairs of words whose boxes share more than the 3 points that ascenders and descenders of two lines may, and words off the page. */
function overlapping(words: Box[]): string[] {
  const off = words.filter(({ left, right, top, bottom }) => left < 40 || right > 555 || top < 30 || bottom > 830);
  const pairs = words.flatMap((a, index) =>
    words.slice(index + 1).flatMap((b) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      return wide > 0.5 && high > 3 ? [`${a.text} × ${b.text}`] : [];
    }),
  );
  return [...off.map(({ text }) => `off the page: ${text}`), ...pairs];
}

describe('the render pool', () => {
  const pool = new RenderPool(documentKinds, {
    entry: new URL('../../apps/worker/render-thread.ts', import.meta.url),
    execArgv: ['--no-warnings', '--import', new URL('../support/source-loader.mjs', import.meta.url).href],
  });
  afterAll(() => pool.close());

  it('gives the bytes that direct rendering gives, in a thread', async () => {
    const models = [aDocument(), aCreditNote(), aDocument({ number: 'EIP2-BRENT-0003' })];
    const inThread = await Promise.all(models.map((model) => pool.render({ kind: model.kind, model })));
    const direct = await Promise.all(models.map((model) => renderDocument(model)));
    expect(pool.threaded).toBe(true);
    inThread.forEach(({ pdf, xml }, index) => {
      expect(pdf.equals(direct[index]?.pdf ?? Buffer.alloc(0))).toBe(true);
      expect(xml?.equals(direct[index]?.xml ?? Buffer.alloc(0))).toBe(true);
    });
  });

  it('refuses what direct rendering refuses, with the same error', async () => {
    const model = aCreditNote({ refersTo: null });
    await expect(pool.render({ kind: 'credit_note', model })).rejects.toBeInstanceOf(InvalidValue);
  });

  it('says so when no feature of this build makes such documents', async () => {
    await expect(pool.render({ kind: 'toString', model: {} })).rejects.toThrow('no documents of the kind toString');
  });
});
