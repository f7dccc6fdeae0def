export {
  cell,
  DETAIL_TOTAL_ROW,
  drawLetterhead,
  drawParties,
  drawReportHead,
  drawSums,
  headingCell,
  ruled,
  sectionTable,
  TOTAL_ROW,
  totalRow,
} from './blocks.js';
export { unsupportedCharacter } from './fonts.js';
export { PageFlow, type Paragraph } from './page-flow.js';
export { requirePrintable } from './printable.js';
export {
  ACCENT,
  BODY,
  DETAIL,
  DETAIL_FIGURE,
  DETAIL_STRONG,
  DETAIL_TOTAL,
  FIGURE,
  FIGURE_STRONG,
  HEADING,
  RULE,
  SECTION,
  SMALL,
  STRONG,
  SUBTITLE,
  TITLE,
  TOTAL,
} from './styles.js';
export { drawTable, type Cell, type Row, type Table } from './table.js';
export { type TextStyle } from './text-layout.js';
export { WorkerPool, type WorkerPoolOptions } from './worker-pool.js';
export { serveRequests } from './worker-side.js';
