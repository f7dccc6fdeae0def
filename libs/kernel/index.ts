export {
  addDays,
  clockFrom,
  daysBetween,
  isCalendarDate,
  londonDate,
  londonHour,
  longDate,
  systemClock,
  type Clock,
} from './clock.js';
export { costOfDays, daysOfNumeric, formatDays, multiplyDays, parseDays, type MilliDays } from './days.js';
export {
  DomainError,
  InvalidValue,
  conflict,
  forbidden,
  malformed,
  notFound,
  refused,
  type ErrorKind,
  type Problem,
} from './domain-error.js';
export { PLAIN_ADDRESS } from './email-address.js';
export { Lifecycle, type Transition } from './lifecycle.js';
export { decimalPence, formatPence, pence, sumPence, type Pence } from './money.js';
export { divideRounded, share, type Rounding } from './rounding.js';
export { formatSerial } from './serial.js';
