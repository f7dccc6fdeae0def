import PDFDocument from 'pdfkit';
import type { FontFace } from './font-face.js';
import { faces } from './fonts.js';
import type { TextLine, TextStyle } from './text-layout.js';

interface PdfAttachment {
  name: string;
  content: Buffer;
  mediaType: string;
  description: string;
}

export interface PdfDescription {
  title: string;
  author: string;
  subject: string;
  /** The instant written as creation and modification date. Fixed by the caller, so that bytes repeat. */
  date: Date;
  attachment: PdfAttachment | null;
}

/** A4, in points. */
export const PAGE = { width: 595.28, height: 841.89, margin: 48 } as const;

type StructureElement = PDFKit.PDFStructureElement;
type StructureContent = PDFKit.PDFStructureContent;

const CREATOR = 'Programme claims';

/** pdfkit writes the info entries into its XMP metadata without escaping them; a council with "&" in its name broke the file. */
class Document extends PDFDocument {
  /** Called by pdfkit when it writes the metadata. */
  _addInfo(): void {
    const { Title, Author, Subject, Creator, Producer, CreationDate, ModDate } = this.info;
    const at = (date: Date | undefined) => `${(date ?? new Date(0)).toISOString().slice(0, 19)}Z`;
    this.appendXML(`<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>${at(CreationDate)}</xmp:CreateDate><xmp:ModifyDate>${at(ModDate)}</xmp:ModifyDate>
<xmp:CreatorTool>${escapeXml(Creator)}</xmp:CreatorTool></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(Title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>${escapeXml(Author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(Subject)}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>${escapeXml(Producer)}</pdf:Producer></rdf:Description>`);
  }
}

const escapeXml = (text = ''): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * A tagged PDF/A-3a under construction: what is drawn is either structure content or an artifact. Wraps pdfkit, so that
 * nothing else depends on it. Coordinates in points from the top left corner.
 */
export class PdfDocument {
  readonly #doc: PDFKit.PDFDocument;
  readonly #root: StructureElement;
  #colour = '';

  constructor(description: PdfDescription) {
    const { title, author, subject, date, attachment } = description;
    this.#doc = new Document({
      autoFirstPage: false,
      bufferPages: true,
      pdfVersion: '1.7',
      subset: 'PDF/A-3a',
      tagged: true,
      displayTitle: true,
      lang: 'en-GB',
      size: [PAGE.width, PAGE.height],
      margin: 0,
      // No default font: pdfkit's own is not embedded, which PDF/A forbids.
      font: null as unknown as string,
      info: {
        Title: title,
        Author: author,
        Subject: subject,
        Creator: CREATOR,
        Producer: 'PDFKit',
        CreationDate: date,
        ModDate: date,
      },
    });
    for (const face of [...faces('regular'), ...faces('bold')]) {
      this.#doc.registerFont(face.postscriptName, face as unknown as Buffer);
    }
    this.#root = this.#doc.struct('Document');
    this.#doc.addStructure(this.#root);
    if (attachment !== null) this.#attach(attachment, date);
    this.addPage();
  }

  /** The element every other hangs on. */
  get root(): StructureElement {
    return this.#root;
  }

  get pageCount(): number {
    return this.#doc.bufferedPageRange().count;
  }

  addPage(): void {
    this.#doc.addPage();
    this.#colour = '';
  }

  /** Goes back to a page already drawn, for what is only known at the end. Counted from 0. */
  switchToPage(index: number): void {
    this.#doc.switchToPage(index);
    this.#colour = '';
  }

  /** An element that holds others (a table, a row). End it, or what holds it, when nothing more comes. */
  group(type: string, parent: StructureElement): StructureElement {
    const element = this.#doc.struct(type);
    parent.add(element);
    return element;
  }

  /** Draws content that assistive technology reads. */
  mark(type: string, draw: () => void): StructureContent {
    const content = this.#doc.markStructureContent(type);
    draw();
    this.#doc.endMarkedContent();
    return content;
  }

  /** Makes an element of marked content. `table` gives a cell its scope or the columns it spans (ISO 32000-1, 14.8.5.7). */
  element(
    type: string,
    parent: StructureElement,
    contents: StructureContent[],
    table?: { scope?: string; columns?: number },
  ): void {
    const element = this.#doc.struct(type) as StructureElement & { dictionary: { data: Record<string, unknown> } };
    for (const content of contents) element.add(content);
    if (table?.scope !== undefined || (table?.columns ?? 1) > 1) {
      element.dictionary.data['A'] = {
        O: 'Table',
        ...(table?.scope === undefined ? {} : { Scope: table.scope }),
        ...((table?.columns ?? 1) > 1 ? { ColSpan: table?.columns } : {}),
      };
    }
    element.end();
    parent.add(element);
  }

  /** Draws what a reader of the text should skip: rules, backgrounds, repeated headings, page numbers. */
  artifact(type: 'Layout' | 'Pagination', draw: () => void): void {
    this.#doc.markContent('Artifact', { type });
    draw();
    this.#doc.endMarkedContent();
  }

  /** Draws a laid-out line with its baseline at `y`. */
  line(line: TextLine, x: number, y: number, style: TextStyle): void {
    if (style.colour !== this.#colour) {
      this.#doc.fillColor(style.colour);
      this.#colour = style.colour;
    }
    let at = x;
    for (const run of line.runs) {
      this.#doc
        .font(nameOf(run.face), style.size)
        .text(run.text, at, y, style.tabular === true ? DRAW_TABULAR : DRAW_AS_IS);
      at += run.width;
    }
  }

  box(x: number, y: number, width: number, height: number, colour: string): void {
    this.#doc.rect(x, y, width, height).fill(colour);
    this.#colour = colour;
  }

  /** Writes the rest and gives the whole file. */
  finish(): Buffer {
    this.#root.end();
    this.#doc.end();
    const bytes: unknown = this.#doc.read();
    if (!Buffer.isBuffer(bytes)) throw new Error('pdfkit gave no bytes');
    return bytes;
  }

  #attach({ name, content, mediaType, description }: PdfAttachment, date: Date): void {
    this.#doc.file(content, {
      name,
      type: mediaType,
      description,
      creationDate: date,
      modifiedDate: date,
      relationship: 'Alternative',
    } as PDFKit.Mixins.PDFAttachmentOptions);
  }
}

const nameOf = (face: FontFace): string => face.postscriptName;
const DRAW_AS_IS = { lineBreak: false, baseline: 'alphabetic' } as const;
const DRAW_TABULAR: PDFKit.Mixins.TextOptions = { ...DRAW_AS_IS, features: ['tnum'] };
