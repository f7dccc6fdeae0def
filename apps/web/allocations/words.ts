import { RESERVE } from '#programme/domain';
import { days } from '../page/index.js';

/** One end of a move as people call it: an authority's code, or the reserve. */
export const endName = (authority: string | null): string => authority ?? 'the reserve';

/** One end of a move as an address has it. */
export const endCode = (authority: string | null): string => authority ?? RESERVE;

/** `2 days of targeted training from the reserve to BRENT`. */
export const moveText = (move: { days: string; from: string | null; to: string | null }, label: string): string =>
  `${days(move.days)} of ${label} from ${endName(move.from)} to ${endName(move.to)}`;
