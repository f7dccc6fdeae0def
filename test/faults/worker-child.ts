import 'reflect-metadata';
import { armFaultPoint, type FaultPoint } from '#platform/queue';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { startContext } from '../support/worker.js';

/**
 * A worker process for the fault tests: apps/worker with short patience. FAULT_AT names the moment at which it is killed
 * by SIGKILL, FAULT_AFTER how many times that moment passes first.
 */
const at = process.env['FAULT_AT'];
let passes = Number(process.env['FAULT_AFTER'] ?? '0');
if (at) {
  armFaultPoint(at as FaultPoint, () => {
    if (passes-- === 0) process.kill(process.pid, 'SIGKILL');
  });
}
const app = await startContext(process.env as Record<string, string>, [WorkerModule]);
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
process.stdout.write('ready\n');
