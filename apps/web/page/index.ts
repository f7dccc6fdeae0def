export { barRows, shareBar, type Chart, type ChartItem } from './chart.js';
export { csvDownload, csvOf } from './csv-download.js';
export {
  grouped,
  LINES_AT_ONCE,
  linesIn,
  partIn,
  partOf,
  partOfLines,
  partsOf,
  partsOfInvoices,
  placedLines,
  workingByLine,
  type PlacedInvoice,
  type PlacedLine,
} from './line-parts.js';
export { addressWith, filtersOf, keepingProgramme, listLinks, PAGE_SIZE, type AddressAt } from './list-address.js';
export { attempt, errorsFor, fieldId, namingWhatIsMissing, type Attempt } from './attempt.js';
export { Form } from './form.js';
export { dateTime, date, days, money, percent, plural, time, words } from './filters.js';
export { KeepsNothing, OpenPage, OpenSecretPage, TakesFiles } from './page-config.js';
export { PageController } from './page-controller.js';
export { ProgressPage } from './progress-page.js';
export { halfSignIn, signIn } from './session.js';
export { TableFile } from './table-file.js';
export { readUpload, type Upload } from './upload.js';
export { redirect, view, viewAgain, type Notice, type Redirect, type View } from './view.js';
export { claimStatus, type StatusTag } from './claim-status.js';
