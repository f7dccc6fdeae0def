import { type Problem } from '#kernel';
import { addressWith } from './list-address.js';
import { view, type View } from './view.js';

/** Whether a page could not be shown because there are several programmes and none was named. */
export const asksForProgramme = (errors: unknown): boolean =>
  Array.isArray(errors) && (errors as Problem[]).some(({ path, code }) => path === 'programme' && code === 'required');

/** Asks for one: each leads back to the same address with that programme in it. */
export const whichProgramme = (
  address: string,
  filters: Readonly<Record<string, string>>,
  programmes: readonly { code: string; name: string }[],
): View =>
  view('errors/which-programme.njk', {
    programmes: programmes.map(({ code, name }) => ({
      text: name,
      href: addressWith(address, filters, { programme: code }),
    })),
  });
