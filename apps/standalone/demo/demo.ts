import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, StartFailure } from '../embedded/failure.js';
import { freePort } from '../embedded/ports.js';
import { refusePortInUse, refuseUnwritable } from '../settings.js';
import { DemoClient } from './client.js';
import { saveDocuments, saveMailbox, savePapers } from './files.js';
import { playStory } from './player.js';
import { collect } from './results.js';
import { DemoService, tokenBeside, type DemoPlace } from './service.js';
import { MTM } from './people.js';
import { type Stage } from './stage.js';
import { type Chapter } from './story/index.js';
import { summaryOf } from './summary.js';

const HOST = '127.0.0.1';

export interface DemoOptions {
  /** Absolute; empty, or not there yet. */
  dataDir: string;
  /** Null: any that is free. */
  port: number | null;
}

/** Plays the quarter against a data folder of its own, and leaves what came of it in that folder's `demo`. */
export class Demo {
  private service: DemoService | null = null;
  private stopped = false;

  constructor(
    private readonly options: DemoOptions,
    private readonly say: (line: string) => void,
  ) {}

  /** @returns the summary. @throws StartFailure for what somebody can put right, Error when the story goes wrong. */
  async run(): Promise<string> {
    const { dataDir } = this.options;
    refuseUsed(dataDir);
    refuseUnwritable(dataDir);
    const place = { dataDir, port: await this.port() };
    const firstToken = () => tokenBeside(place, MTM.administrator);
    const client = new DemoClient({ email: MTM.administrator, firstToken });
    try {
      const open = (chapter: Chapter) => this.open(place, client, chapter);
      return await this.leave(client, await playStory({ client, open, say: this.say }));
    } finally {
      await this.stop();
    }
  }

  /** Ends the service; nothing is started after it. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.close();
  }

  private async port(): Promise<number> {
    const { port } = this.options;
    if (port === null) return freePort();
    await refusePortInUse(port, HOST);
    return port;
  }

  /** The service has one clock for its life, so another day is another process. */
  private async open(place: DemoPlace, client: DemoClient, chapter: Chapter): Promise<void> {
    await this.close();
    if (this.stopped) throw new StartFailure('Stopped');
    this.service = DemoService.spawn(place, chapter.at);
    client.moveTo(await this.service.ready());
  }

  private async close(): Promise<void> {
    const { service } = this;
    this.service = null;
    await service?.stop();
  }

  private async leave(client: DemoClient, { treasury }: Stage): Promise<string> {
    const { dataDir } = this.options;
    const folder = join(dataDir, 'demo');
    const results = await collect(client);
    await saveDocuments(client, results, join(folder, 'documents'));
    savePapers(treasury, results, folder);
    const mails = saveMailbox(dataDir, join(folder, 'mailbox'));
    const summary = summaryOf(results, mails);
    writeFileSync(join(folder, 'summary.txt'), summary);
    if (!results.audit.ok) throw new Error(`the audit trail is not whole:\n${summary}`);
    return summary;
  }
}

/** The story needs numbers from 0001 and untouched allocations; and nobody's data may be mixed with invented ones. */
function refuseUsed(dataDir: string): void {
  try {
    if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return;
  } catch (error) {
    throw new StartFailure(`${dataDir} cannot be read as a folder (${systemCode(error)}): choose another one`);
  }
  throw new StartFailure(
    `${dataDir} is not empty, and the demo needs a fresh folder: remove it, or choose another with npm run demo -- --data-dir <folder>`,
  );
}
