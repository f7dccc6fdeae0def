import { scaleBand, scaleLinear } from 'd3-scale';

/** How a bar is meant; the words beside the chart say the same, since colour alone says nothing to some. */
export type BarKind = 'usual' | 'other' | 'warning';

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
}

const WIDTH = 640;
const ROW = 34;
const LABEL = 170;
const VALUE = 110;

const round = (value: number): number => Math.round(value * 10) / 10;

/**
 * One row an item: label, bar, value. Reads well at 320 px, unlike columns with many labels. `title` is the sentence that
 * says what the chart shows.
 */
export function barRows(title: string, items: readonly ChartItem[]): Chart {
  const length = scaleLinear()
    .domain([0, Math.max(1, ...items.map(({ value }) => value))])
    .range([0, WIDTH - LABEL - VALUE]);
  const row = scaleBand<number>()
    .domain(items.map((_, index) => index))
    .range([0, items.length * ROW])
    .paddingInner(0.35);
  const middle = (index: number) => round((row(index) ?? 0) + row.bandwidth() / 2 + 5);
  return {
    title,
    width: WIDTH,
    height: Math.max(ROW, items.length * ROW),
    bars: items.map(({ value, kind = 'usual' }, index) => ({
      x: LABEL,
      y: round(row(index) ?? 0),
      width: round(length(Math.max(0, value))),
      height: round(row.bandwidth()),
      kind,
    })),
    labels: items.flatMap(({ label, value, text }, index) => [
      { x: LABEL - 8, y: middle(index), text: label, anchor: 'end' as const },
      { x: round(LABEL + length(Math.max(0, value)) + 6), y: middle(index), text, anchor: 'start' as const },
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
  const [first, ...rest] = items;
  const last = rest.at(-1);
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
