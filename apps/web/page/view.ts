import { type Problem } from '#kernel';

/** What a person is told once, on the next page they see. */
export interface Notice {
  title: string;
  /** What can be done about it, or what happens next. */
  text?: string;
  kind: 'success' | 'important';
}

export interface ViewOptions {
  status?: number;
}

/** An answer of a page controller: this template with these values. */
export class View {
  constructor(
    readonly template: string,
    readonly data: Readonly<Record<string, unknown>>,
    readonly status: number,
  ) {}
}

/** An answer of a page controller after something was done: look there (303), and this is what happened. */
export class Redirect {
  constructor(
    readonly to: string,
    readonly notice: Notice | null,
  ) {}
}

/** `template` is `<area>/<file>.njk`. */
export const view = (template: string, data: Record<string, unknown> = {}, options: ViewOptions = {}): View =>
  new View(template, data, options.status ?? 200);

/** A page again that could not do what was asked: 400, its errors in a summary and beside the fields. */
export const viewAgain = (template: string, data: Record<string, unknown> & { errors: readonly Problem[] }): View =>
  new View(template, data, 400);

/** 303 to a path of ours, with a notice of success when a text is given. */
export function redirect(to: string, notice?: string | Notice): Redirect {
  if (!to.startsWith('/') || to.startsWith('//')) throw new Error('Only paths of ours are redirected to');
  const address = inHeader(to);
  if (notice === undefined) return new Redirect(address, null);
  return new Redirect(address, typeof notice === 'string' ? { title: notice, kind: 'success' } : notice);
}

/**
 * An address may carry a piece of the one that was asked for, decoded: what no header may hold, or what means something else to a browser,
 * is encoded again. What is encoded already stays.
 */
const inHeader = (address: string): string =>
  Buffer.from(address)
    .toString()
    .replace(/[^\x21-\x7e]|[<>"\\^`{|}]/gu, (letter) => encodeURIComponent(letter));
