import * as cells from './cells.js';

export { cells };
export { column, Columns, type Column } from './columns.js';
export { importRejected } from './import-rejected.js';
export { decode, readTable, type ImportError, type Table } from './read-table.js';
