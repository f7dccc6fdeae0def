export { unsupportedCharacter } from './fonts.js';
export { PageFlow, type Align, type Paragraph } from './page-flow.js';
export { PAGE, type PdfAttachment, type PdfDescription } from './pdf-document.js';
export { requirePrintable } from './printable.js';
export { drawTable, type Cell, type Column, type Row, type Table } from './table.js';
export { type TextStyle } from './text-layout.js';
export { WorkerPool, type WorkerPoolOptions } from './worker-pool.js';
export { serveRequests } from './worker-side.js';
