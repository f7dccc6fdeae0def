import { APRIL } from './april.js';
import { FEBRUARY } from './february.js';
import { JANUARY } from './january.js';
import { MARCH } from './march.js';
import { type Chapter } from './chapter.js';

export { type Chapter } from './chapter.js';

/** A quarter of 2018, in the order of its days. */
export const STORY: readonly Chapter[] = [...JANUARY, ...FEBRUARY, ...MARCH, ...APRIL];
