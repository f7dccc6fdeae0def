import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand, say } from '../command.js';
import { Demo, type DemoOptions } from '../demo/demo.js';
import { StartFailure } from '../embedded/failure.js';

const USAGE = `npm run demo [-- --data-dir <folder>] [--port <number>]

Plays a quarter of 2018 through the HTTP API of a service of its own, started anew for each day of the story.
  --data-dir   a folder that is empty or not there yet; else DATA_DIR, else ./var/demo
  --port       the service's port while it plays; any free one unless told`;

function asked(words: string[]): DemoOptions | null {
  try {
    const { values } = parseArgs({
      args: words,
      options: { 'data-dir': { type: 'string' }, port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) return null;
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error('not a port');
    return { dataDir: resolve(values['data-dir'] ?? process.env['DATA_DIR'] ?? './var/demo'), port };
  } catch {
    throw new StartFailure(USAGE);
  }
}

let stopping = false;

/** Ctrl-C reaches the service too; wait for it to end before this process does. */
function stopWith(demo: Demo): void {
  const end = (code: number) => (): void => {
    if (stopping) return;
    stopping = true;
    say('Stopping …');
    demo.stop().then(
      () => process.exit(code),
      () => process.exit(code),
    );
  };
  process.on('SIGINT', end(130));
  process.on('SIGTERM', end(143));
}

/** The clock of who looks around: the day after the story, so that what is due is not years overdue. */
const AFTERWARDS = '2018-04-11T09:00:00Z';

function shortest(path: string): string {
  const near = relative('.', path);
  return near === '' || near.startsWith('..') ? path : near;
}

await runCommand(async () => {
  const options = asked(process.argv.slice(3));
  if (options === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (process.env['NODE_ENV'] === 'production') {
    throw new StartFailure('The demo invents claims: it does not run with NODE_ENV=production');
  }
  const demo = new Demo(options, (line) => (stopping ? undefined : say(line)));
  stopWith(demo);
  const summary = await demo.run().catch((error: unknown) => {
    if (stopping) return new Promise<never>(() => undefined); // what fails now fails for that; the exit is under way
    throw error;
  });
  const folder = shortest(options.dataDir);
  process.stdout.write(`\n${summary}\n`);
  say(`PDFs and XMLs, e-mails and this summary are in ${folder}/demo`);
  say(`Look around in it: DATA_DIR=${folder} TEST_CLOCK=${AFTERWARDS} npm start`);
});
