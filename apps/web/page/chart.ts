import { scaleLinear } from 'd3-scale';

/**
 * How a bar is meant; the words beside the chart say the same, since colour alone says nothing to some. `held` is spoken for and not used
 * yet: an outline, where `usual` is filled. Only `warning` alarms.
 */
export type BarKind = 'usual' | 'held' | 'other' | 'warning';

export interface ChartItem {
  readonly label: string;
  /** Not negative. */
  readonly value: number;
  /** The value as people read it. */
  readonly text: string;
  readonly kind?: BarKind;
}

/** A chart as the template draws it (components/chart.njk): everything in the units of its view box. */
export interface Chart {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly bars: readonly { x: number; y: number; width: number; height: number; kind: BarKind }[];
  readonly labels: readonly { x: number; y: number; text: string; anchor: 'start' | 'middle' | 'end' }[];
  /** Small squares before the labels of a bar with many parts: which part each is of. */
  readonly keys?: readonly { x: number; y: number; size: number; kind: BarKind }[];
}

/** As wide as the narrowest telephone shows it: text stays as large as the page's own. */
const WIDTH = 360;
const ROW = 48;
/** Where the words of a row stand, and its bar below them. */
const TEXT = 16;
const BAR = { top: 22, height: 16 };

const round = (value: number): number => Math.round(value * 10) / 10;

/**
 * One row an item: label and value, and the bar below them. Reads well at 320 px, unlike columns, or labels beside the bars.
 * `title` is the sentence that says what the chart shows.
 */
export function barRows(title: string, items: readonly ChartItem[]): Chart {
  const length = scaleLinear()
    .domain([0, Math.max(1, ...items.map(({ value }) => value))])
    .range([0, WIDTH]);
  return {
    title,
    width: WIDTH,
    height: Math.max(1, items.length) * ROW,
    bars: items.map(({ value, kind = 'usual' }, index) => ({
      x: 0,
      y: index * ROW + BAR.top,
      width: round(length(Math.max(0, value))),
      height: BAR.height,
      kind,
    })),
    labels: items.flatMap(({ label, text }, index) => [
      { x: 0, y: index * ROW + TEXT, text: label, anchor: 'start' as const },
      { x: WIDTH, y: index * ROW + TEXT, text, anchor: 'end' as const },
    ]),
  };
}

/** One bar of parts side by side, as long as their total: what was used, what is left. */
export function shareBar(title: string, items: readonly ChartItem[]): Chart {
  const total = items.reduce((sum, { value }) => sum + value, 0);
  const length = scaleLinear()
    .domain([0, Math.max(1, total)])
    .range([0, WIDTH]);
  let from = 0;
  const bars = items.map(({ value, kind = 'usual' }) => {
    const bar = { x: round(length(from)), y: 0, width: round(length(value)), height: 30, kind };
    from += value;
    return bar;
  });
  if (items.length > 2) return { title, width: WIDTH, bars, ...keysBelow(items) };
  const [first, last] = items;
  return {
    title,
    width: WIDTH,
    height: 54,
    bars,
    labels: [
      ...(first ? [{ x: 0, y: 48, text: `${first.label}: ${first.text}`, anchor: 'start' as const }] : []),
      ...(last ? [{ x: WIDTH, y: 48, text: `${last.label}: ${last.text}`, anchor: 'end' as const }] : []),
    ],
  };
}

/** A key: its square, the space behind it, how wide a letter is at most, the space before the next, how high a row is. */
const KEY = { size: 12, gap: 6, letter: 8, after: 14, row: 24, top: 48 };

/** Every part with its square, beside each other as far as they fit. */
function keysBelow(items: readonly ChartItem[]): Required<Pick<Chart, 'height' | 'labels' | 'keys'>> {
  const labels: Chart['labels'][number][] = [];
  const keys: NonNullable<Chart['keys']>[number][] = [];
  let [x, y] = [0, KEY.top];
  for (const { label, text: value, kind = 'usual' } of items) {
    const text = `${label}: ${value}`;
    const wide = KEY.size + KEY.gap + text.length * KEY.letter;
    if (x > 0 && x + wide > WIDTH) [x, y] = [0, y + KEY.row];
    keys.push({ x, y: y - KEY.size, size: KEY.size, kind });
    labels.push({ x: x + KEY.size + KEY.gap, y, text, anchor: 'start' });
    x += wide + KEY.after;
  }
  return { height: y + 6, labels, keys };
}
