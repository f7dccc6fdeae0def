import { cpus, loadavg } from 'node:os';
import { reached, type Findings, type Ratio, type Target } from '../figure.js';

/** What the figures were seen on. */
export function machineLine(postgres: string): string {
  const [first] = cpus();
  const load = loadavg()[0]?.toFixed(1);
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), load ${load} at the start, Node ${process.versions.node}, PostgreSQL ${postgres} with fsync on`;
}

const targetText = ({ atLeast, atMost }: Target): string =>
  atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;

function ratioLine(ratio: Ratio): string {
  const verdict = { true: 'reached', false: 'MISSED', null: '' }[String(reached(ratio)) as 'true' | 'false' | 'null'];
  const target = ratio.target === undefined ? '' : `target ${targetText(ratio.target)}: ${verdict}`;
  return `  ${ratio.name.padEnd(64)} ${ratio.value.toFixed(2).padStart(8)}   ${target}`.trimEnd();
}

/** Ratios first, then what they are made of, then what to know. */
export function findingsText(title: string, { ratios, amounts, notes }: Findings): string {
  const figures = amounts.map(({ name, value, unit }) => `  ${name.padEnd(64)} ${shown(value).padStart(8)} ${unit}`);
  return ['', title, ...ratios.map(ratioLine), ...figures, ...(notes ?? []).map((note) => `  ${note}`)].join('\n');
}

const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
