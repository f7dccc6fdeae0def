import { type Simulation } from './simulation.js';

const EVERY_MS = 2_000;

/** Lines that say how far a simulation is. */
export class Progress {
  private readonly started = Date.now();
  private said = Date.now();

  constructor(
    private readonly steps: number,
    private readonly say: (line: string) => void,
  ) {}

  at(step: number, simulation: Simulation): void {
    if (Date.now() - this.said < EVERY_MS) return;
    this.said = Date.now();
    const rate = (step * 1000) / (this.said - this.started);
    const left = Math.ceil((this.steps - step) / rate);
    this.say(
      `${step} of ${this.steps} steps, ${rate.toFixed(1)} a second, ${Math.floor(left / 60)} min ${left % 60} s left; ${totals(simulation)}`,
    );
  }

  /** Everything that was counted. */
  summary(simulation: Simulation): string {
    const seconds = (Date.now() - this.started) / 1000;
    const lines = [...simulation.counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => `  ${key}: ${count}`);
    return [`${this.steps} steps in ${seconds.toFixed(0)} s; ${totals(simulation)}`, ...lines].join('\n');
  }
}

function totals({ counts, player }: Simulation): string {
  const sum = (pattern: RegExp): number =>
    [...counts].reduce((all, [key, count]) => all + (pattern.test(key) ? count : 0), 0);
  const parts = [
    `done ${sum(/ 20\d/)}`,
    `refused ${sum(/ 4\d\d /)}`,
    `crashed ${sum(/^crash /)}`,
    `two at once ${sum(/at once$/)}`,
  ];
  return [...parts, `deadlocks ${player.deadlocks}`].join(', ');
}
