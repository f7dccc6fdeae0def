import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '#platform/config';
import { describeError } from './describe-error.js';

/** Never in a log, whoever passes them: the last line of defence, not the first. */
const REDACTED = ['authorization', 'password', 'token', 'email', 'name', 'body', 'cookie'];

/** JSON lines, one event each, on standard output unless a destination is given. */
export function createLogger(options: { level: LogLevel; process: string }, destination?: DestinationStream): Logger {
  const settings = {
    level: options.level,
    base: { process: options.process, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[removed]' },
  };
  return destination ? pino(settings, destination) : pino(settings);
}

/** Sends what Nest and `new Logger('…')` write to pino. An object is logged as fields, `{ msg, … }`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the context last, and before it, for errors, a stack. */
  private write(level: 'info' | 'warn' | 'error' | 'debug' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const fields: Record<string, unknown> = typeof context === 'string' ? { context } : {};
    const failure = rest.find((one) => one instanceof Error);
    if (failure) fields['error'] = describeError(failure);
    if (message instanceof Error) this.logger[level]({ ...fields, error: describeError(message) }, message.name);
    else if (typeof message === 'object' && message !== null) this.logger[level]({ ...fields, ...message });
    else this.logger[level](fields, String(message));
  }
}
