/**
 * `npm run bench [-- [--full] [name …]]`: measures the figures of docs/figures.md, each against its baseline in the same run.
 * A missed target is printed as missed; only an error makes the exit code non-zero.
 */
import { reached, type Figure } from './figure.js';
import { camt } from './figures/camt.js';
import { delivery } from './figures/delivery.js';
import { ledger } from './figures/ledger.js';
import { lists } from './figures/lists.js';
import { memory } from './figures/memory.js';
import { pages } from './figures/pages.js';
import { pdf } from './figures/pdf.js';
import { receipt } from './figures/receipt.js';
import { receiptAll } from './figures/receipt-all.js';
import { submit } from './figures/submit.js';
import { findingsText, machineLine } from './support/report.js';
import { Services } from './support/services.js';

const FIGURES: readonly Figure[] = [submit, pdf, delivery, lists, memory, receipt, receiptAll, ledger, camt, pages];

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function chosen(words: readonly string[]): { full: boolean; figures: readonly Figure[] } {
  const names = words.filter((word) => word !== '--full');
  const unknown = names.find((name) => !FIGURES.some((figure) => figure.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no figure "${unknown}": there are ${FIGURES.map(({ name }) => name).join(', ')}`);
  }
  const figures = names.length === 0 ? FIGURES : FIGURES.filter(({ name }) => names.includes(name));
  return { full: words.includes('--full'), figures };
}

async function main(services: Services): Promise<number> {
  const { full, figures } = chosen(process.argv.slice(2));
  const version = await services.asOwner('postgres', async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]!.server_version;
  });
  process.stdout.write(`${machineLine(version)}; ${full ? 'all sizes' : 'small sizes'}\n`);
  let missed = 0;
  let failed = 0;
  for (const figure of figures) {
    if (interrupted) break; // what was stopped under a figure fails it; no other may start anything
    try {
      const findings = await figure.run({ full, services, say });
      missed += findings.ratios.filter((ratio) => reached(ratio) === false).length;
      process.stdout.write(`${findingsText(figure.title, findings)}\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`\n${figure.title}\n  FAILED: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  process.stdout.write(`\n${missed} of the targets missed, ${failed} of the figures failed\n`);
  return failed === 0 ? 0 : 1;
}

const services = new Services(say);
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    void services.stopAll().then(() => process.exit(130));
  });
}
let code = 1;
try {
  code = await main(services);
} catch (error) {
  if (!interrupted) say(error instanceof Error ? error.message : String(error));
} finally {
  if (!interrupted) await services.stopAll();
}
if (!interrupted) process.exit(code);
