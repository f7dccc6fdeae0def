import * as cells from './cells.js';

export { cells };
export { column, Columns, type Column } from './columns.js';
export { ImportRejected, importRejected } from './import-rejected.js';
export { decode, headingsOf, readCells, readTable, type ImportError, type ReadCells } from './read-table.js';
