import type { TextStyle } from './text-layout.js';

/** Ink and greys have at least 7:1 contrast on white, and on the tinted ground. */
const INK = '#14181d';
const GREY = '#4a5560';

export const ACCENT = '#1d3f66';
export const GROUND = '#eef2f6';
export const RULE = '#cdd5dd';

const style = (weight: TextStyle['weight'], size: number, leading: number, colour: string): TextStyle => ({
  weight,
  size,
  leading,
  colour,
});

export const LETTERHEAD = style('bold', 14, 18, ACCENT);
export const TITLE = style('bold', 20, 26, INK);
export const SUBTITLE = style('regular', 9.5, 13.5, GREY);
export const SECTION = style('bold', 11, 15, INK);
export const HEADING = style('bold', 8.5, 12, GREY);
export const LABEL = style('regular', 9.5, 13.5, GREY);
export const BODY = style('regular', 9.5, 13.5, INK);
export const STRONG = style('bold', 9.5, 13.5, INK);
export const SMALL = style('regular', 8.5, 12, GREY);
export const DETAIL = style('regular', 8.5, 12, INK);
export const DETAIL_STRONG = style('bold', 8.5, 12, INK);

export const FIGURE: TextStyle = { ...BODY, tabular: true };
export const FIGURE_STRONG: TextStyle = { ...STRONG, tabular: true };
export const TOTAL: TextStyle = { ...SECTION, tabular: true };
export const DETAIL_FIGURE: TextStyle = { ...DETAIL, tabular: true };
export const DETAIL_TOTAL: TextStyle = { ...DETAIL_STRONG, tabular: true };
