/** Loaded before apps/api by Node's --import: leaves the peak of its resident memory, in bytes, in BENCH_PEAK_FILE when it is told to end. */
import { writeFileSync } from 'node:fs';

const file = process.env['BENCH_PEAK_FILE']!;
process.on('SIGTERM', () => writeFileSync(file, String(process.resourceUsage().maxRSS * 1024)));
