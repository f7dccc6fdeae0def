export { unsupportedCharacter } from './fonts.js';
export { PageFlow, type Align, type Paragraph } from './page-flow.js';
export { requirePrintable } from './printable.js';
export { drawTable, type Cell, type Row, type Table } from './table.js';
export { type TextStyle } from './text-layout.js';
export { WorkerPool, type WorkerPoolOptions } from './worker-pool.js';
export { serveRequests } from './worker-side.js';
